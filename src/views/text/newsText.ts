import type { TranslationBundle } from '@jupyterlab/translation';

import { tallyOf } from '../../model/tasks';
import type { JobNews } from '../../stores/watch';
import { reasonText } from './reasonText';
import { countText } from './timeText';

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
