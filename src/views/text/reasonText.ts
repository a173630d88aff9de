import type { TranslationBundle } from '@jupyterlab/translation';

import type { JobRow, ReasonCode } from '../../model/contract';
import { bytesText } from './quantityText';
import { durationText } from './timeText';

/** What the sentences about a job's reason are made from. */
export type ReasonSource = Pick<
  JobRow,
  | 'reason'
  | 'reason_text'
  | 'memory_bytes'
  | 'memory_peak_bytes'
  | 'walltime_seconds'
>;

/** What a reason means, in a few words. */
export function reasonWords(
  reason: ReasonCode,
  trans: TranslationBundle
): string {
  switch (reason) {
    case 'resources':
      return trans.__('Waiting for free cores or memory');
    case 'priority':
      return trans.__('Waiting for jobs ahead of it');
    case 'limit_jobs':
      return trans.__('Waiting: you run as many jobs as you may');
    case 'limit_resources':
      return trans.__('Waiting: you use as much as you may');
    case 'dependency':
      return trans.__('Waiting for another job');
    case 'held_by_user':
      return trans.__('Held by you');
    case 'held_by_admin':
      return trans.__('Held by an administrator');
    case 'queue_unavailable':
      return trans.__('The queue is closed');
    case 'begin_time':
      return trans.__('Waiting for its start time');
    case 'submit_refused':
      return trans.__('Refused by the batch system');
    case 'answer_lost':
      return trans.__('The batch system did not answer');
    case 'walltime':
      return trans.__('Out of time');
    case 'memory':
      return trans.__('Out of memory');
    case 'exit_nonzero':
      return trans.__('Ended with an error code');
    case 'signal':
      return trans.__('Ended by a signal');
    case 'cell_error':
      return trans.__('A cell failed');
    case 'tasks_failed':
      return trans.__('Some of its tasks failed');
    case 'launch_failed':
      return trans.__('Could not be started');
    case 'node':
      return trans.__('Its machine failed');
    case 'preempted':
      return trans.__('Made room for another job');
    case 'cancelled_by_user':
      return trans.__('Cancelled by you');
    case 'cancelled_by_admin':
      return trans.__('Cancelled by an administrator');
    case 'lost':
      return trans.__('The batch system lost it');
    case 'duplicate':
      return trans.__('Already ran elsewhere');
    case 'other':
      return trans.__('See the log');
  }
}

/** One sentence that says why a job is where it is; empty if nothing is known. */
export function reasonText(
  source: ReasonSource,
  trans: TranslationBundle
): string {
  if (source.reason === null) {
    return source.reason_text ?? '';
  }
  const figures = figuresText(source, trans);
  if (figures) {
    return figures;
  }
  return source.reason_text || reasonWords(source.reason, trans);
}

/** The sentence made from the figures of a job, where they say more than the server's words. */
function figuresText(source: ReasonSource, trans: TranslationBundle): string {
  if (source.reason === 'walltime') {
    return trans.__(
      'Out of time: ran longer than %1',
      durationText(source.walltime_seconds)
    );
  }
  if (source.reason === 'memory' && source.memory_peak_bytes !== null) {
    return trans.__(
      'Out of memory: used %1 of %2',
      bytesText(source.memory_peak_bytes),
      bytesText(source.memory_bytes)
    );
  }
  if (source.reason === 'answer_lost') {
    return trans.__(
      'The batch system did not answer. Looking the job up; it will not be sent twice'
    );
  }
  return '';
}
