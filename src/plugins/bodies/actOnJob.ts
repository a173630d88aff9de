import type { Act } from '../../model/orders';
import { changeJob } from './changeJob';
import type { IJobContext } from './jobContext';
import { orderJob } from './orderJob';
import { signalJob } from './signalJob';

/** Do something to a job that is not over. */
export async function actOnJob(
  context: IJobContext,
  jobId: string,
  act: Act
): Promise<void> {
  switch (act) {
    case 'change':
      return changeJob(context, jobId);
    case 'signal':
      return signalJob(context, jobId);
    default:
      return orderJob(context, jobId, act);
  }
}
