import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobEvent, JobRow } from '../../model/contract';
import type { Orders } from '../../model/orders';
import { isFinal } from '../../model/phase';
import type { IJobActions } from '../jobs/jobActions';
import {
  movingTasks,
  progressFraction,
  progressText,
  SEPARATOR,
  timePart
} from '../jobs/rowText';
import { PhaseIcon } from '../PhaseIcon';
import { stateText } from '../text/phaseText';
import { reasonText } from '../text/reasonText';
import { tasksParts } from '../text/tasksText';
import {
  countedTo,
  durationText,
  secondsBetween,
  staleText
} from '../text/timeText';
import { JobHeadActions } from './JobHeadActions';
import { ProgressBar } from './ProgressBar';
import { TasksBar } from './TasksBar';
import { Timeline } from './Timeline';

/** What the job is, how it is, and what can be done about it. */
export function JobHead(props: {
  row: JobRow;
  /** What happened to it; empty before that is known. */
  events: readonly JobEvent[];
  /** What its gateway can do to it. */
  can: Orders;
  now: number;
  /** When the server answered last, in ms since the epoch; null while it answers. */
  staleSince: number | null;
  actions: IJobActions;
  trans: TranslationBundle;
}): JSX.Element {
  const { row, staleSince, trans } = props;
  const now = countedTo(props.now, staleSince);
  const age = staleText(staleSince, props.now, trans);
  const fraction = row.phase === 'EXECUTING' ? progressFraction(row) : null;
  return (
    <div className="jp-BatchJobs-jobHead">
      <div className="jp-BatchJobs-headline">
        <PhaseIcon row={row} trans={trans} />
        <h2>{row.name}</h2>
        <span className="jp-BatchJobs-quiet">
          {[headline(row, now, trans), isFinal(row.phase) ? '' : age]
            .filter(Boolean)
            .join(SEPARATOR)}
        </span>
        <div className="jp-BatchJobs-headActions">
          <JobHeadActions {...props} />
        </div>
      </div>
      {fraction !== null && (
        <ProgressBar
          fraction={fraction}
          phase={row.phase}
          label={progressText(row, trans)}
        />
      )}
      <TasksLine row={row} trans={trans} />
      {!row.array && <Timeline {...props} now={now} />}
      <WhyText row={row} trans={trans} />
    </div>
  );
}

/** The state, the progress and the time of a job in one line. */
export function headline(
  row: JobRow,
  now: number,
  trans: TranslationBundle
): string {
  const isRunning = row.phase === 'EXECUTING';
  return [
    stateText(row, trans),
    isRunning ? progressText(row, trans) : '',
    isRunning && row.started_at ? runningText(row, now, trans) : ''
  ]
    .filter(Boolean)
    .join(SEPARATOR);
}

/** The time of a job and its limit; of an array only the time: the limit is that of each task. */
function runningText(
  row: JobRow,
  now: number,
  trans: TranslationBundle
): string {
  return row.array
    ? durationText(secondsBetween(row.started_at, now) ?? 0)
    : timePart(row, now, trans).text;
}

/** Where the tasks of an array are, drawn and in words. */
export function TasksLine(props: {
  row: JobRow;
  trans: TranslationBundle;
}): JSX.Element | null {
  const tally = movingTasks(props.row);
  if (!tally) {
    return null;
  }
  return (
    <>
      <TasksBar tally={tally} />
      <div className="jp-BatchJobs-tasksLine">
        {tasksParts(tally, props.trans).join(SEPARATOR)}
      </div>
    </>
  );
}

/** Why the job is where it is. */
export function WhyText(props: {
  row: JobRow;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { row, trans } = props;
  const why = reasonText(row, trans);
  if (!why) {
    return null;
  }
  const tone =
    row.phase === 'ERROR'
      ? 'jp-mod-error'
      : row.phase === 'UNKNOWN'
        ? 'jp-mod-warning'
        : 'jp-mod-info';
  return <div className={`jp-BatchJobs-notice ${tone}`}>{why}</div>;
}
