import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type {
  CodeVersion,
  Job,
  JobRecord as Provenance,
  PythonEnvironment
} from '../../model/contract';
import type { IAnswerSnapshot } from '../../stores/answer';
import { Notice } from '../jobs/Notices';
import type { Fact } from '../text/environmentText';
import { errorText } from '../text/errorText';
import { bytesText, usedText } from '../text/quantityText';
import { countText, durationText, exactTimeText } from '../text/timeText';
import { FactList, timeFacts } from './JobFacts';

export interface IJobRecordProps {
  known: IAnswerSnapshot<Provenance>;
  /** Where the browser downloads the record. */
  exportUrl: string;
  /** Somebody looks, or looks no more. */
  onLook: (isLooking: boolean) => void;
  onRetry: () => void;
  trans: TranslationBundle;
}

/** The provenance of a job: what ran in which version and environment, and what it took. */
export function JobRecord(props: IJobRecordProps): JSX.Element {
  const { known, onLook, trans } = props;
  const { answer: record } = known;
  React.useEffect(() => {
    onLook(true);
    return () => onLook(false);
  }, [onLook]);
  return (
    <div className="jp-BatchJobs-record">
      {known.error && (
        <Notice
          tone="error"
          text={errorText(known.error, trans)}
          action={{ label: trans.__('Retry'), run: props.onRetry }}
        />
      )}
      {record && (
        <>
          <p>
            <a
              className="jp-BatchJobs-link"
              href={props.exportUrl}
              download={`${record.job.id}.record.json`}
            >
              {trans.__('Export as JSON')}
            </a>{' '}
            <span className="jp-BatchJobs-quiet">
              {trans.__(
                'All of the record, with the request; no secret is in it.'
              )}
            </span>
          </p>
          <div className="jp-BatchJobs-facts">
            <FactList
              title={trans.__('Code')}
              facts={codeFacts(record.code, trans)}
            />
            <FactList
              title={trans.__('When')}
              facts={timeFacts(record.job, trans)}
            />
            <FactList
              title={trans.__('What it used')}
              facts={usageFacts(record.job, trans)}
            />
            <FactList
              title={trans.__('Environment')}
              facts={environmentFacts(record.environment, trans)}
            />
          </div>
          <Packages environment={record.environment} trans={trans} />
        </>
      )}
    </div>
  );
}

function codeFacts(code: CodeVersion | null, trans: TranslationBundle): Fact[] {
  return [
    [trans.__('Git folder'), code?.root ?? null, true],
    [trans.__('Commit'), code?.commit ?? null, true],
    [trans.__('Branch'), code?.branch ?? null, true],
    [trans.__('Changes'), changesText(code, trans)],
    [trans.__('Address'), code?.remote ?? null, true],
    [trans.__('As of'), code && exactTimeText(code.captured_at)]
  ];
}

/** Whether the commit says all of what ran. */
function changesText(
  code: CodeVersion | null,
  trans: TranslationBundle
): string | null {
  if (code === null || code.is_dirty === null) {
    return null;
  }
  return code.is_dirty
    ? trans.__('Not all was committed: the commit alone does not say what ran.')
    : trans.__('None: all was committed.');
}

function usageFacts(job: Job, trans: TranslationBundle): Fact[] {
  const { elapsed_seconds, cpu_seconds, memory_peak_bytes } = job.usage;
  const used = (text: string): string => usedText(text, job.usage, trans);
  return [
    [
      trans.__('Ran for'),
      elapsed_seconds === null ? null : durationText(elapsed_seconds)
    ],
    [
      trans.__('CPU time'),
      cpu_seconds === null ? null : used(durationText(cpu_seconds))
    ],
    [
      trans.__('Peak memory'),
      memory_peak_bytes === null ? null : used(bytesText(memory_peak_bytes))
    ]
  ];
}

function environmentFacts(
  environment: PythonEnvironment | null,
  trans: TranslationBundle
): Fact[] {
  return [
    [trans.__('Python'), environment?.python_version ?? null],
    [trans.__('Installed in'), environment?.prefix ?? null, true],
    [
      trans.__('Packages'),
      environment && countText(environment.packages.length)
    ],
    [trans.__('As of'), environment && exactTimeText(environment.captured_at)]
  ];
}

function Packages(props: {
  environment: PythonEnvironment | null;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { environment, trans } = props;
  return environment && environment.packages.length > 0 ? (
    <details>
      <summary>{trans.__('All packages')}</summary>
      <ul className="jp-BatchJobs-packages jp-mod-code">
        {environment.packages.map(name => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </details>
  ) : null;
}
