import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Difference } from '../../model/differences';
import type { TaskKind } from '../../model/form';
import { fieldText } from './fieldIssues';

const LONGEST = 60;

/** What is not as it was asked before, each line leading to its field. */
export function DifferencesCard(props: {
  /** The job before; null of none. */
  edited: Readonly<{ name: string; differences: readonly Difference[] }> | null;
  /** What the form runs. */
  kind: TaskKind;
  onJump: (field: string) => void;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { edited, trans } = props;
  const title = React.useId();
  if (edited === null) {
    return null;
  }
  return (
    <section className="jp-BatchJobs-before" aria-labelledby={title}>
      <h3 id={title}>{trans.__('Different from %1', cut(edited.name))}</h3>
      <div className="jp-BatchJobs-card">
        {edited.differences.length === 0 && (
          <p className="jp-BatchJobs-hint">
            {trans.__('Nothing. The file is taken as it is now.')}
          </p>
        )}
        <ul>
          {edited.differences.map(({ field, before, after }) => (
            <li key={field}>
              <button
                type="button"
                className="jp-BatchJobs-issue"
                onClick={() => props.onJump(field)}
              >
                <span>
                  {fieldText(field, props.kind, trans)}:{' '}
                  <del>{cut(before) || trans.__('nothing')}</del>{' '}
                  <ins>{cut(after) || trans.__('nothing')}</ins>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
