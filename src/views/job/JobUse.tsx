import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Job } from '../../model/contract';
import { isOver } from '../../model/phase';
import { bytesText, usedText } from '../text/quantityText';
import { coresText, durationText, secondsBetween } from '../text/timeText';

/** What a single job used of what it asked; nothing stands there while nothing is known. */
export function JobUse(props: {
  job: Job;
  /** Milliseconds since the epoch. */
  now: number;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { job, now, trans } = props;
  const { cpu_seconds, elapsed_seconds } = job.usage;
  const memory = job.usage.memory_peak_bytes ?? job.memory_peak_bytes;
  const ran = isOver(job)
    ? (elapsed_seconds ?? secondsBetween(job.started_at, job.ended_at))
    : secondsBetween(job.started_at, now);
  const measured = elapsed_seconds ?? ran;
  const cores =
    cpu_seconds !== null && measured ? cpu_seconds / measured : null;
  if (memory === null && cores === null && ran === null) {
    return null;
  }
  return (
    <section className="jp-BatchJobs-use">
      <h3>{trans.__('What it used of what it asked')}</h3>
      <Used
        label={trans.__('Memory, at its peak')}
        used={memory}
        asked={job.memory_bytes}
        write={bytesText}
        usage={job.usage}
        trans={trans}
      />
      <Used
        label={trans.__('Cores in use')}
        used={cores}
        asked={job.cores}
        write={coresText}
        usage={job.usage}
        trans={trans}
      />
      <Used
        label={trans.__('Time')}
        used={ran}
        asked={job.walltime_seconds}
        write={durationText}
        trans={trans}
      />
    </section>
  );
}

/** One quantity: a bar, and the same in words; a dash where it is not known. */
function Used(props: {
  label: string;
  used: number | null;
  asked: number;
  write: (value: number) => string;
  /** Says whether it was measured all the time; without it, it was. */
  usage?: Job['usage'];
  trans: TranslationBundle;
}): JSX.Element {
  const { label, used, asked, write, usage, trans } = props;
  const text = (value: number): string =>
    trans.__(
      '%1 of %2',
      usage ? usedText(write(value), usage, trans) : write(value),
      write(asked)
    );
  return (
    <div className="jp-BatchJobs-useLine">
      <div>{label}</div>
      {used !== null && (
        <div className="jp-BatchJobs-bar" aria-hidden="true">
          <div
            className={used > asked ? 'jp-mod-failed' : ''}
            style={{ width: `${Math.min(1, used / asked) * 100}%` }}
          />
        </div>
      )}
      <div className="jp-BatchJobs-quiet">
        {used === null ? '–' : text(used)}
      </div>
    </div>
  );
}
