import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Gateway, ImportedSpec } from '../../model/contract';
import type { TaskKind } from '../../model/form';
import { toldLines } from '../../model/script';
import type { LineFate, ToldLine } from '../../model/script';
import { phaseIcon } from '../icons';
import { Notice } from '../jobs/Notices';
import { fieldText } from './fieldIssues';

/** The script that a form was filled in from. */
export type OpenedScript = Readonly<{
  path: string;
  /** For which its lines were read. */
  gatewayId: string;
  imported: ImportedSpec;
}>;

interface IScriptCardProps {
  /** Null of none. */
  script: OpenedScript | null;
  gateways: readonly Gateway[];
  /** The gateway that is chosen now. */
  gatewayId: string;
  /** What the form runs. */
  kind: TaskKind;
  onJump: (field: string) => void;
  trans: TranslationBundle;
}

/** What became of each line by which a script describes its job. */
export function ScriptCard(props: IScriptCardProps): JSX.Element | null {
  const { script, trans } = props;
  const title = React.useId();
  if (script === null) {
    return null;
  }
  const lines = toldLines(script.imported);
  const gateway = props.gateways.find(({ id }) => id === script.gatewayId);
  const name = script.path.slice(script.path.lastIndexOf('/') + 1);
  return (
    <section className="jp-BatchJobs-before" aria-labelledby={title}>
      <h3 id={title}>{trans.__('From %1', name)}</h3>
      {props.gatewayId !== script.gatewayId && (
        <Notice
          tone="warning"
          text={trans.__(
            'These lines were read for %1. Open the script again to have them read for this gateway.',
            gateway?.title ?? script.gatewayId
          )}
        />
      )}
      <div className="jp-BatchJobs-card">
        <p className="jp-BatchJobs-hint">
          {lines.length === 0
            ? nothingText(gateway, trans)
            : countsText(script.imported, trans)}
        </p>
        <ul aria-label={trans.__('Lines of the script')}>
          {lines.map(line => (
            <ScriptLine
              key={`${line.line} ${line.option} ${line.fate}`}
              line={line}
              kind={props.kind}
              onJump={props.onJump}
              trans={trans}
            />
          ))}
        </ul>
        {lines.length > 0 && script.imported.assumed.length > 0 && (
          <p className="jp-BatchJobs-hint">
            {trans.__(
              'The script does not say: %1. Look whether the form does.',
              script.imported.assumed
                .map(field => fieldText(field, props.kind, trans))
                .join(', ')
            )}
          </p>
        )}
      </div>
    </section>
  );
}

/** A line: what it says, and what became of it; one that is in the job leads to its field. */
function ScriptLine(props: {
  line: ToldLine;
  kind: TaskKind;
  onJump: (field: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { line, trans } = props;
  const field = fieldOf(line);
  const isWhole = line.fate !== 'refused' && line.reason === null;
  const icon = phaseIcon(isWhole ? 'COMPLETED' : 'ERROR');
  const tone = isWhole ? 'completed' : line.is_invalid ? 'error' : 'warning';
  const content = (
    <>
      <icon.react tag="span" aria-hidden="true" />
      <span>
        <span className="jp-BatchJobs-lineNumber">
          {trans.__('Line %1', line.line)}
        </span>{' '}
        <code>{optionText(line)}</code>
        <br />
        {fateText(line, props.kind, trans)}
      </span>
    </>
  );
  return (
    <li>
      {field === null ? (
        <div className={`jp-BatchJobs-issue jp-mod-${tone}`}>{content}</div>
      ) : (
        <button
          type="button"
          className={`jp-BatchJobs-issue jp-mod-${tone}`}
          onClick={() => props.onJump(field)}
        >
          {content}
        </button>
      )}
    </li>
  );
}

/** Where in the form a line is now; null of one that is nowhere. */
function fieldOf(line: ToldLine): string | null {
  const places: Readonly<Record<LineFate, string | null>> = {
    refused: null,
    taken: line.field,
    passed_on: 'spec.native'
  };
  return places[line.fate];
}

function optionText({ option, value }: ToldLine): string {
  const text = value === null ? `--${option}` : `--${option}=${value}`;
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function fateText(
  line: ToldLine,
  kind: TaskKind,
  trans: TranslationBundle
): string {
  const reason = line.reason ?? '';
  switch (line.fate) {
    case 'taken': {
      const field = fieldText(line.field ?? '', kind, trans);
      return reason
        ? trans.__('Taken into %1. %2', field, reason)
        : trans.__('Taken into %1', field);
    }
    case 'passed_on':
      return trans.__('Passed on as it is');
    case 'refused':
      return line.is_invalid
        ? trans.__('The batch system would refuse it. %1', reason)
        : trans.__('Not honoured. %1', reason);
  }
}

function countsText(imported: ImportedSpec, trans: TranslationBundle): string {
  return trans.__(
    '%1 taken, %2 passed on, %3 not honoured.',
    imported.taken.length,
    imported.passed_on.length,
    imported.refused.length
  );
}

function nothingText(
  gateway: Gateway | undefined,
  trans: TranslationBundle
): string {
  return gateway && !gateway.capabilities.script_options
    ? trans.__(
        '%1 reads no lines such as #SBATCH: all is as in a new form.',
        gateway.title
      )
    : trans.__('The script says nothing of its job: all is as in a new form.');
}
