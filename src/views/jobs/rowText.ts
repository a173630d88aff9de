import type { TranslationBundle } from '@jupyterlab/translation';

import type { JobRow } from '../../model/contract';
import { groupOf } from '../../model/phase';
import { offerOf } from '../../model/resubmission';
import { tallyOf } from '../../model/tasks';
import type { TaskTally } from '../../model/tasks';
import { stateText } from '../text/phaseText';
import { reasonText } from '../text/reasonText';
import { restOf, taskCountText, tasksHead } from '../text/tasksText';
import {
  countText,
  durationText,
  momentText,
  secondsBetween
} from '../text/timeText';

/** The server counts no further. */
const MOST_OUTPUTS = 10_000;

/** Stands between the facts of one line. */
export const SEPARATOR = ' · ';

/** The second line of a row, from what presses first to the gateway last. */
export interface ISecondLine {
  text: string;
  /** The beginning of the text that must be noticed: the time limit is near. */
  pressing: string;
}

/** A part of the second line. */
export interface ITimePart {
  text: string;
  isPressing: boolean;
}

/** What the second line is made from, besides the row. */
export interface IRowContext {
  /** The title of the job's gateway; null where all jobs share one. */
  gatewayTitle: string | null;
  /** Milliseconds since the epoch. */
  now: number;
  trans: TranslationBundle;
}

/** How far a job is, or else the word for where it is. */
export function headText(row: JobRow, trans: TranslationBundle): string {
  const isMoving = row.phase === 'EXECUTING' && row.substate === null;
  const progress = row.array
    ? tasksHead(tallyOf(row.array), trans)
    : progressText(row, trans);
  return (isMoving && progress) || stateText(row, trans);
}

/** How far a job is: `cell 7 of 18`; empty if it does not say. */
export function progressText(
  row: Pick<JobRow, 'progress'>,
  trans: TranslationBundle
): string {
  const progress = row.progress;
  if (!progress) {
    return '';
  }
  if (progress.text) {
    return progress.text;
  }
  return progress.total === null
    ? trans.__('%1 done', countText(progress.done))
    : trans.__('%1 of %2', countText(progress.done), countText(progress.total));
}

/** The tasks of an array of which some have started and some may not be done; null of other jobs. */
export function movingTasks(
  row: Pick<JobRow, 'array' | 'phase'>
): TaskTally | null {
  const tally = row.array && tallyOf(row.array);
  const isMoving =
    tally && row.phase !== 'COMPLETED' && tally.waiting < tally.size;
  return isMoving ? tally : null;
}

/** The part of a job that is done, from 0 to 1; null if it does not say. */
export function progressFraction(row: Pick<JobRow, 'progress'>): number | null {
  const total = row.progress?.total;
  return row.progress && total ? Math.min(1, row.progress.done / total) : null;
}

/** Say why, where or for how long. */
export function secondLine(row: JobRow, context: IRowContext): ISecondLine {
  const { gatewayTitle } = context;
  const first = firstPart(row, context);
  const parts = [first.text, row.queue ?? '', gatewayTitle ?? ''];
  return {
    text: parts.filter(Boolean).join(SEPARATOR),
    pressing: first.isPressing ? first.text : ''
  };
}

function firstPart(row: JobRow, context: IRowContext): ITimePart {
  const { now, trans } = context;
  switch (groupOf(row)) {
    case 'needs_you':
      return calm(needsPart(row, context));
    case 'running':
      return row.array
        ? calm(tasksPart(row, tallyOf(row.array), context))
        : runningPart(row, now, trans);
    case 'queued':
      return calm(
        joinFacts(
          reasonText(row, trans) || queuedPart(row, now, trans),
          startPart(row, now, trans),
          row.array ? taskCountText(row.array.size, trans) : ''
        )
      );
    case 'finished':
      return calm(finishedPart(row, now, trans));
  }
}

/** Put facts into one line; a sentence among them loses its full stop. */
function joinFacts(...facts: readonly string[]): string {
  const said = facts.filter(Boolean);
  return said.length === 1
    ? said[0]
    : said.map(fact => fact.replace(/\.$/, '')).join(SEPARATOR);
}

/** Why a job needs somebody, and what can be done. */
function needsPart(row: JobRow, context: IRowContext): string {
  const { trans } = context;
  const reason = reasonText(row, trans) || trans.__('See the log');
  const offer = row.phase === 'ERROR' ? offerOf(row) : null;
  return offer ? trans.__('%1. Resubmit with %2?', reason, offer.text) : reason;
}

function calm(text: string): ITimePart {
  return { text, isPressing: false };
}

/** How long it has run, unless its program has ended and its batch system has not noticed. */
function runningPart(
  row: JobRow,
  now: number,
  trans: TranslationBundle
): ITimePart {
  const reason = row.substate === 'finishing' ? reasonText(row, trans) : '';
  return reason ? calm(reason) : timePart(row, now, trans);
}

/** The elapsed time, or the time left once less than a third of the limit is left. */
export function timePart(
  row: Pick<JobRow, 'started_at' | 'walltime_seconds'>,
  now: number,
  trans: TranslationBundle
): ITimePart {
  const elapsed = secondsBetween(row.started_at, now);
  if (elapsed === null) {
    return calm(trans.__('Starting'));
  }
  const limit = durationText(row.walltime_seconds);
  const left = row.walltime_seconds - elapsed;
  if (left < 0) {
    return { text: trans.__('over its limit of %1', limit), isPressing: true };
  }
  return left < row.walltime_seconds / 3
    ? {
        text: trans.__('%1 left of %2', durationText(left), limit),
        isPressing: true
      }
    : calm(trans.__('%1 of %2', durationText(elapsed), limit));
}

/** Where the tasks of an array are, and how long it has run; its limit is that of each task. */
function tasksPart(
  row: JobRow,
  tally: TaskTally,
  { now, trans }: IRowContext
): string {
  const elapsed = secondsBetween(row.started_at, now);
  return joinFacts(
    ...restOf(tally, trans),
    elapsed === null ? '' : durationText(elapsed)
  );
}

function queuedPart(
  row: JobRow,
  now: number,
  trans: TranslationBundle
): string {
  const waited = secondsBetween(row.submitted_at, now);
  return waited === null
    ? trans.__('Being handed over')
    : trans.__('Waiting for %1', durationText(waited));
}

/** When the batch system expects it to start, as long as that is to come. */
function startPart(row: JobRow, now: number, trans: TranslationBundle): string {
  const expected = row.estimated_start_at;
  return expected !== null && Date.parse(expected) > now
    ? trans.__('expected to start %1', momentText(expected, now))
    : '';
}

function finishedPart(
  row: JobRow,
  now: number,
  trans: TranslationBundle
): string {
  const elapsed = secondsBetween(row.started_at, row.ended_at);
  const reason = row.phase === 'COMPLETED' ? '' : reasonText(row, trans);
  const outputs = row.phase === 'COMPLETED' ? outputsText(row, trans) : '';
  return joinFacts(
    row.ended_at === null ? '' : momentText(row.ended_at, now),
    elapsed === null ? '' : durationText(elapsed),
    row.array ? endedTasks(row, tallyOf(row.array), trans) : '',
    outputs,
    reason
  );
}

/** How many outputs are there; nothing of none. */
function outputsText(
  { outputs_count }: JobRow,
  trans: TranslationBundle
): string {
  const shown = countText(outputs_count);
  if (outputs_count === 0) {
    return '';
  }
  return outputs_count < MOST_OUTPUTS
    ? trans._n('%2 output', '%2 outputs', outputs_count, shown)
    : trans.__('%1 outputs or more', shown);
}

/** How many tasks there were, and how many of them were done where not all were. */
function endedTasks(
  row: JobRow,
  tally: TaskTally,
  trans: TranslationBundle
): string {
  return row.phase === 'COMPLETED'
    ? taskCountText(tally.size, trans)
    : trans.__(
        '%1 of %2 completed',
        countText(tally.completed),
        countText(tally.size)
      );
}
