import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { arraySize, writeIndices } from '../../model/array';
import type { Job, JobArray, JobSpec } from '../../model/contract';
import { joinWords } from '../../model/words';
import { environmentFacts } from '../text/environmentText';
import type { Fact } from '../text/environmentText';
import { bytesText, usedText } from '../text/quantityText';
import { whenText } from '../text/tasksText';
import {
  countText,
  durationText,
  exactTimeText,
  secondsBetween
} from '../text/timeText';

/** Stands for what is not known. */
const DASH = '–';

/** All that is known of a job, each fact with its name; a dash where it is not known. */
export function JobFacts(props: {
  job: Job;
  gatewayTitle: string;
  /** The gateway measures CPU time and memory. */
  isMeasured: boolean;
  trans: TranslationBundle;
}): JSX.Element {
  const { job, isMeasured, trans } = props;
  return (
    <div className="jp-BatchJobs-facts">
      <FactList title={trans.__('When')} facts={timeFacts(props.job, trans)} />
      <FactList
        title={trans.__('What it asked')}
        facts={askedFacts(job, isMeasured, trans)}
      />
      <FactList
        title={trans.__('Where')}
        facts={placeFacts(props.job, props.gatewayTitle, trans)}
      />
      <FactList
        title={trans.__('How it ended')}
        facts={endFacts(props.job, trans)}
      />
    </div>
  );
}

/** Facts under a heading. */
export function FactList(props: {
  title: string;
  facts: readonly Fact[];
}): JSX.Element {
  return (
    <section>
      <h3>{props.title}</h3>
      <dl>
        {props.facts.map(([name, value, isCode]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd className={isCode && value !== null ? 'jp-mod-code' : ''}>
              {value ?? DASH}
            </dd>
          </React.Fragment>
        ))}
      </dl>
    </section>
  );
}

/** When a job was submitted, started, ended. */
export function timeFacts(job: Job, trans: TranslationBundle): Fact[] {
  const queued = secondsBetween(job.submitted_at, job.started_at);
  const elapsed =
    job.usage.elapsed_seconds ?? secondsBetween(job.started_at, job.ended_at);
  return [
    [
      trans.__('Submitted'),
      job.submitted_at && exactTimeText(job.submitted_at)
    ],
    job.estimated_start_at === null
      ? [trans.__('Started'), job.started_at && exactTimeText(job.started_at)]
      : [trans.__('Expected to start'), exactTimeText(job.estimated_start_at)],
    [trans.__('Ended'), job.ended_at && exactTimeText(job.ended_at)],
    [trans.__('Queued for'), queued === null ? null : durationText(queued)],
    [trans.__('Ran for'), elapsed === null ? null : durationText(elapsed)]
  ];
}

function askedFacts(
  job: Job,
  isMeasured: boolean,
  trans: TranslationBundle
): Fact[] {
  const peak = job.usage.memory_peak_bytes ?? job.memory_peak_bytes;
  const cpu = job.usage.cpu_seconds;
  const used = (text: string): string => usedText(text, job.usage, trans);
  return [
    [taskName(job, trans), taskText(job), true],
    [
      trans.__('Cores'),
      cpu === null
        ? countText(job.cores)
        : trans.__(
            '%1, CPU time %2',
            countText(job.cores),
            used(durationText(cpu))
          )
    ],
    [
      trans.__('Memory'),
      peak === null
        ? bytesText(job.memory_bytes)
        : trans.__(
            '%1, used %2',
            bytesText(job.memory_bytes),
            used(bytesText(peak))
          )
    ],
    [trans.__('Time limit'), durationText(job.walltime_seconds)],
    ...(isMeasured || peak !== null
      ? []
      : [
          [
            trans.__('What it used'),
            trans.__('CPU time and memory are not measured there')
          ] as const
        ]),
    ...moreAsked(job.spec, trans)
  ];
}

/** What few jobs ask; nothing stands there for the others. */
function moreAsked(spec: JobSpec, trans: TranslationBundle): Fact[] {
  const facts = environmentFacts(spec, trans);
  if (spec.resources.gpus) {
    facts.push([trans.__('GPUs'), countText(spec.resources.gpus)]);
  }
  if (spec.array) {
    facts.push([trans.__('Tasks'), tasksText(spec.array, trans)]);
  }
  for (const { job_id, when } of spec.depends_on ?? []) {
    facts.push([trans.__('After job %1', job_id), whenText(when, trans)]);
  }
  return facts;
}

/** Which tasks: `1,000 (0..999), at most 10 at once`. */
function tasksText(array: JobArray, trans: TranslationBundle): string {
  const size = countText(arraySize(array));
  const indices = array.kind === 'index' ? writeIndices(array) : null;
  const which = indices ? trans.__('%1 (%2)', size, indices) : size;
  return array.max_running
    ? trans.__('%1, at most %2 at once', which, countText(array.max_running))
    : which;
}

function taskName(job: Job, trans: TranslationBundle): string {
  switch (job.spec.task.kind) {
    case 'notebook':
      return trans.__('Notebook');
    case 'script':
      return trans.__('Script');
    case 'command':
      return trans.__('Command');
  }
}

function taskText(job: Job): string {
  const { task } = job.spec;
  switch (task.kind) {
    case 'notebook':
      return task.path;
    case 'script':
      return joinWords([task.path, ...(task.arguments ?? [])]);
    case 'command':
      return joinWords(task.argv);
  }
}

function placeFacts(
  job: Job,
  gatewayTitle: string,
  trans: TranslationBundle
): Fact[] {
  return [
    [trans.__('Gateway'), gatewayTitle],
    [trans.__('Queue'), job.queue],
    [trans.__('Account'), job.account],
    [trans.__('Its id there'), job.native_id, true],
    [trans.__('Run directory'), job.run_directory, true],
    ...(job.node_directory === null
      ? []
      : [[trans.__('Run directory there'), job.node_directory, true] as const]),
    ...logFacts(job, trans)
  ];
}

/** Where the logs are that the user wants elsewhere; others lie in the run directory, as is told. */
function logFacts(job: Job, trans: TranslationBundle): Fact[] {
  const { stdout_path, stderr_path } = job.spec.files ?? {};
  const { stdout, stderr } = job.log_paths;
  const facts: Fact[] = [];
  if (stdout_path) {
    facts.push([trans.__('Output log'), stdout, true]);
  }
  if (stderr_path) {
    facts.push([trans.__('Error log'), stderr, true]);
  }
  return facts;
}

function endFacts(job: Job, trans: TranslationBundle): Fact[] {
  return [
    [
      trans.__('Exit code'),
      job.exit_code === null ? null : String(job.exit_code)
    ],
    [trans.__('Signal'), job.signal === null ? null : String(job.signal)],
    [trans.__('State there'), job.native_state],
    [trans.__('Attempt'), countText(job.attempt)]
  ];
}
