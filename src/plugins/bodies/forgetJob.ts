import { BatchError } from '../../api/errors';
import { isOver } from '../../model/phase';
import { IBatchClient, IJobStore } from '../../tokens';
import { stateText } from '../../views/text/phaseText';
import { confirm } from './confirm';
import type { IJobContext } from './jobContext';
import { attempt } from './attempt';
import { tell } from './tell';

/** Take a job that is over off the list once the user has confirmed it; its files stay. */
export async function forgetJob(
  context: IJobContext,
  jobId: string
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const jobs = await app.resolveRequiredService(IJobStore);
    const client = await app.resolveRequiredService(IBatchClient);
    const row = jobs.row(jobId) ?? (await jobs.fetchRow(jobId));
    if (!isOver(row)) {
      tell(
        'info',
        trans.__(
          '%1 is %2: it can be forgotten once it is over.',
          row.name,
          stateText(row, trans).toLocaleLowerCase()
        )
      );
      return;
    }
    if (!(await confirm('forget', { jobs, row, fits: isOver, trans }))) {
      return;
    }
    try {
      await client.forgetJob(jobId);
    } catch (error) {
      if (!isUnknownJob(error)) {
        throw error;
      }
      tell('info', trans.__('%1 was forgotten already.', row.name));
    }
    jobs.drop([jobId]);
  });
}

/** Another tab was faster: what the user wants is so. */
function isUnknownJob(error: unknown): boolean {
  return error instanceof BatchError && error.status === 404;
}
