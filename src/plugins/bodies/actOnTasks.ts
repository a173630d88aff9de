import type { BulkResult } from '../../model/bulk';
import type { ArrayTask, JobRow } from '../../model/contract';
import { taskOutcomes } from '../../model/taskOrders';
import type { TaskAction } from '../../model/taskOrders';
import { IBatchClient, IJobStore } from '../../tokens';
import { taskName, taskQuestion } from '../../views/text/taskOrderText';
import { resubmitTasks } from '../../widgets/jobCommands';
import type { IManyContext } from './actOnMany';
import { isConfirmed } from './actOnMany';

/**
 * Do something to some tasks of an array once the user has confirmed it.
 *
 * @returns what came of each; null if nothing was to be done here.
 * @throws BatchError if the server did not take it.
 */
export async function actOnTasks(
  { app, trans }: IManyContext,
  action: TaskAction,
  row: JobRow,
  tasks: readonly ArrayTask[]
): Promise<BulkResult | null> {
  const indices = tasks.map(({ index }) => index).sort((a, b) => a - b);
  if (action === 'resubmit') {
    resubmitTasks(app.commands, row, indices, null);
    return null;
  }
  const question = taskQuestion(action, row, indices, trans);
  if (question && !(await isConfirmed(question, trans))) {
    return null;
  }
  const client = await app.resolveRequiredService(IBatchClient);
  const jobs = await app.resolveRequiredService(IJobStore);
  const answer = await client.orderJob(row.id, action, {
    task_indices: indices
  });
  jobs.accept(answer.row);
  const items = taskOutcomes(indices, answer).map(item => ({
    ...item,
    name: taskName(Number(item.id), trans)
  }));
  return { action, items };
}
