import type { TranslationBundle } from '@jupyterlab/translation';

import { tallyOf } from '../../model/tasks';
import type { JobRow } from '../../model/contract';
import type { JobNews } from '../../stores/watch';
import { reasonText } from './reasonText';
import { countText, durationText, secondsBetween } from './timeText';

/** One job that ended, or some tasks that did, in a sentence. */
export function newsText(
  { kind, row }: JobNews,
  trans: TranslationBundle
): string {
  switch (kind) {
    case 'finished':
      return trans.__('%1 has completed.', row.name);
    case 'failed': {
      const reason = reasonText(row, trans).replace(/\.$/, '');
      return reason
        ? trans.__('%1 failed. %2.', row.name, reason)
        : trans.__('%1 failed.', row.name);
    }
    case 'tasks_failed': {
      const { failed, size } = tallyOf(row.array ?? { size: 0, by_phase: {} });
      return trans.__(
        '%1 of %2 tasks of %3 failed. The others go on.',
        countText(failed),
        countText(size),
        row.name
      );
    }
  }
}

/** Several jobs that ended at about the same time. */
export function manyNewsText(
  news: readonly JobNews[],
  trans: TranslationBundle
): string {
  const count = (kind: JobNews['kind']): number =>
    news.filter(one => one.kind === kind).length;
  const finished = count('finished');
  const failed = count('failed') + count('tasks_failed');
  if (failed === 0) {
    return trans.__('%1 jobs have completed.', countText(finished));
  }
  return finished === 0
    ? trans.__('%1 jobs failed.', countText(failed))
    : trans.__(
        '%1 jobs have completed, %2 failed.',
        countText(finished),
        countText(failed)
      );
}

/** A running job that has used most of its time. */
export function limitText(
  row: JobRow,
  now: number,
  trans: TranslationBundle
): string {
  const elapsed = secondsBetween(row.started_at, now) ?? 0;
  const left = row.walltime_seconds - elapsed;
  const limit = durationText(row.walltime_seconds);
  return left > 0
    ? trans.__(
        '%1 has %2 left of its time limit of %3.',
        row.name,
        durationText(left),
        limit
      )
    : trans.__('%1 has used its time limit of %2.', row.name, limit);
}

/** An array of which tasks that run have used most of their time; told once, not of each. */
export function taskLimitText(
  row: JobRow,
  tasks: number,
  trans: TranslationBundle
): string {
  return trans._n(
    '%2 task of %3 is near its time limit of %4.',
    '%2 tasks of %3 are near their time limit of %4.',
    tasks,
    countText(tasks),
    row.name,
    durationText(row.walltime_seconds)
  );
}

/** Several running jobs that have used most of their time. */
export function manyLimitsText(
  count: number,
  trans: TranslationBundle
): string {
  return trans.__('%1 jobs are near their time limits.', countText(count));
}
