import { Notification } from '@jupyterlab/apputils';

import { isOver } from '../../model/phase';
import { IBatchClient, IJobStore } from '../../tokens';
import { errorText } from '../../views/text/errorText';
import { stateText } from '../../views/text/phaseText';
import { CommandIDs } from '../../widgets/jobCommands';
import { ResubmitDialog } from '../../widgets/resubmitDialog';
import { ResubmitModel } from '../../widgets/resubmitModel';
import { attempt } from './jobContext';
import type { IJobContext } from './jobContext';

/** Run once more what a job that is over ran, with what the user changes in a dialog. */
export async function resubmitJob(
  context: IJobContext,
  jobId: string
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const jobs = await app.resolveRequiredService(IJobStore);
    const client = await app.resolveRequiredService(IBatchClient);
    const row = jobs.row(jobId) ?? (await jobs.fetchRow(jobId));
    if (!isOver(row)) {
      Notification.info(
        trans.__(
          '%1 is %2: it can be resubmitted once it is over.',
          row.name,
          stateText(row, trans).toLocaleLowerCase()
        )
      );
      return;
    }
    const model = new ResubmitModel({ client, jobs, row });
    const dialog = new ResubmitDialog({ model, trans });
    await dialog.launch();
    const wasSending = model.snapshot.isSubmitting;
    const job = await model.submitted;
    model.dispose();
    if (job) {
      await app.commands.execute(CommandIDs.showJobs, { job_id: job.id });
    } else if (wasSending && model.snapshot.error) {
      // The dialog was closed before the answer came.
      Notification.error(errorText(model.snapshot.error, trans));
    }
  });
}
