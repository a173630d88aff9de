import type { BulkAction, BulkItem } from './bulk';
import type { ActionResult, ArrayTask, JobRow } from './contract';
import { canAct } from './orders';
import type { Orders } from './orders';
import { isFinal, isOver } from './phase';

/** What the page of an array does to some of its tasks: all but what concerns the whole job. */
export type TaskAction = Exclude<BulkAction, 'change' | 'signal' | 'forget'>;

/** Tell whether an action is one that single tasks can take. */
export function isTaskAction(action: BulkAction): action is TaskAction {
  return action !== 'change' && action !== 'signal' && action !== 'forget';
}

/** Tell whether an action makes sense for a task as it is now, and the gateway can do it. */
export function fitsTask(
  action: TaskAction,
  task: Pick<ArrayTask, 'phase'>,
  row: Pick<JobRow, 'phase' | 'substate'>,
  can: Orders
): boolean {
  const { phase } = task;
  switch (action) {
    case 'cancel':
      return !isFinal(row.phase) && !isFinal(phase);
    case 'resubmit':
      return isOver(row);
    default:
      return (
        can.task_orders &&
        !isFinal(row.phase) &&
        canAct(action, { phase, substate: row.substate }, can)
      );
  }
}

/** Tell of each task what came of one order to all of them. */
export function taskOutcomes(
  indices: readonly number[],
  { outcome, message, refused_tasks }: ActionResult
): Pick<BulkItem, 'id' | 'outcome' | 'message'>[] {
  const refused = new Map(
    refused_tasks.flatMap(({ task_indices, message: why }) =>
      task_indices.map(index => [index, why] as const)
    )
  );
  return indices.map(index => {
    const id = String(index);
    if (refused.size === 0) {
      return { id, outcome, message };
    }
    const why = refused.get(index);
    return why === undefined
      ? { id, outcome: 'ok', message: null }
      : { id, outcome: 'denied', message: why };
  });
}
