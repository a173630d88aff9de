import type { TranslationBundle } from '@jupyterlab/translation';

import type { JobRow } from '../../model/contract';
import type { TaskAction } from '../../model/taskOrders';
import type { IBulkQuestion } from './bulkText';
import { countText } from './timeText';

/** So many tasks stand in a question. */
const TASKS_SHOWN = 10;

/** Ask whether something is to be done to some tasks; null if nobody need be asked. */
export function taskQuestion(
  action: TaskAction,
  { name }: Pick<JobRow, 'name'>,
  indices: readonly number[],
  trans: TranslationBundle
): IBulkQuestion | null {
  const count = indices.length;
  const shown = countText(count);
  const which = whichText(name, indices, trans);
  switch (action) {
    case 'cancel':
      return {
        title: trans._n('Cancel %2 task?', 'Cancel %2 tasks?', count, shown),
        body: trans.__(
          '%1. What has been written so far stays in the run directory. The other tasks go on.',
          which
        ),
        act: trans._n('Cancel Task', 'Cancel %2 Tasks', count, shown)
      };
    case 'requeue':
      return {
        title: trans._n(
          'Run %2 task again from the start?',
          'Run %2 tasks again from the start?',
          count,
          shown
        ),
        body: trans.__(
          '%1. Each is ended, waits again and begins anew. What it has not written to a file is lost.',
          which
        ),
        act: trans._n('Run Task Again', 'Run %2 Tasks Again', count, shown)
      };
    case 'hold':
    case 'release':
    case 'suspend':
    case 'resume':
    case 'resubmit':
      // Nobody need be asked, or a form asks.
      return null;
  }
}

/** What a task is called in the answer to an order. */
export function taskName(index: number, trans: TranslationBundle): string {
  return trans.__('Task %1', String(index));
}

/** Which tasks of which job. */
function whichText(
  name: string,
  indices: readonly number[],
  trans: TranslationBundle
): string {
  const listed = indices.slice(0, TASKS_SHOWN).join(', ');
  const rest = indices.length - TASKS_SHOWN;
  return rest > 0
    ? trans.__('Tasks %1 and %2 more of %3', listed, countText(rest), name)
    : trans._n('Task %2 of %3', 'Tasks %2 of %3', indices.length, listed, name);
}
