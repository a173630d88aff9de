import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Draft } from '../../model/contract';
import { momentText } from '../text/timeText';

/** The title, and the ways to forms that were kept, scripts and templates. */
export function ComposeHead(props: {
  /** Other forms that were not submitted. */
  drafts: readonly Draft[];
  /** Milliseconds since the epoch. */
  now: number;
  onOpenDraft: (key: string) => void;
  onOpenScript: () => void;
  onOpenTemplate: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { drafts, trans } = props;
  return (
    <div className="jp-BatchJobs-composeHead">
      <h2>{trans.__('New batch job')}</h2>
      {drafts.length > 0 && (
        <div className="jp-select-wrapper">
          <select
            className="jp-mod-styled"
            aria-label={trans.__('Kept forms')}
            value=""
            onChange={event => props.onOpenDraft(event.target.value)}
          >
            <option value="">{trans.__('Kept forms')}</option>
            {drafts.map(draft => (
              <option key={draft.key} value={draft.key}>
                {trans.__(
                  '%1, %2',
                  draft.title || trans.__('No name'),
                  momentText(draft.updated_at, props.now)
                )}
              </option>
            ))}
          </select>
        </div>
      )}
      <button
        type="button"
        className="jp-BatchJobs-button"
        title={trans.__(
          'Fill in the form by the lines, such as #SBATCH, of a script'
        )}
        onClick={props.onOpenScript}
      >
        {trans.__('Open script…')}
      </button>
      <button
        type="button"
        className="jp-BatchJobs-button"
        onClick={props.onOpenTemplate}
      >
        {trans.__('Open template…')}
      </button>
    </div>
  );
}
