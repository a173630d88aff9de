import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { isOver } from '../../model/phase';
import { IBatchClient, IJobStore } from '../../tokens';
import { errorText } from '../../views/text/errorText';
import { stateText } from '../../views/text/phaseText';
import { CommandIDs } from '../../widgets/jobCommands';
import { ResubmitDialog } from '../../widgets/resubmitDialog';
import { ResubmitModel } from '../../widgets/resubmitModel';
import type { IJobContext } from './jobContext';
import { attempt } from './attempt';
import { tell } from './tell';

/** Run once more what a job that is over ran, with what the user changes in a dialog. */
export async function resubmitJob(
  context: IJobContext,
  jobId: string,
  args: ReadonlyPartialJSONObject = {}
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
          '%1 is %2: it can be resubmitted once it is over.',
          row.name,
          stateText(row, trans).toLocaleLowerCase()
        )
      );
      return;
    }
    const model = new ResubmitModel({ client, jobs, row, ...wishesOf(args) });
    const dialog = new ResubmitDialog({ model, trans });
    await dialog.launch();
    const wasSending = model.snapshot.isSubmitting;
    const job = await model.submitted;
    model.dispose();
    if (job) {
      await app.commands.execute(CommandIDs.showJobs, { job_id: job.id });
    } else if (wasSending && model.snapshot.error) {
      // The dialog was closed before the answer came.
      tell('error', errorText(model.snapshot.error, trans));
    }
  });
}

/** What the dialog begins with, as far as the arguments of the command say it. */
function wishesOf(
  args: ReadonlyPartialJSONObject
): Pick<ResubmitModel.IOptions, 'indices' | 'texts'> {
  const { task_indices: given, memory, walltime } = args;
  const indices = Array.isArray(given)
    ? given.filter((index): index is number => Number.isInteger(index))
    : [];
  return {
    ...(indices.length > 0 ? { indices } : {}),
    texts: {
      ...(typeof memory === 'string' ? { memory } : {}),
      ...(typeof walltime === 'string' ? { walltime } : {})
    }
  };
}
