import { IBatchClient, IJobStore } from '../../tokens';
import { JobWidget } from '../../widgets/jobWidget';
import { addToShell } from './addToShell';
import type { IJobContext } from './jobContext';
import { openFile } from './openOutput';

/** Open the page of a job, or show it if it is open. */
export async function openJob(
  context: IJobContext,
  jobId: string
): Promise<JobWidget> {
  const { app, tracker, settings, trans } = context;
  const loaded = await settings?.load('jupyterlab-batch:jobs');
  const client = await app.resolveRequiredService(IBatchClient);
  const jobs = await app.resolveRequiredService(IJobStore);
  const open = tracker.find(({ content }) => content.jobId === jobId);
  if (open) {
    app.shell.activateById(open.id);
    return open;
  }
  const widget = new JobWidget({
    jobId,
    client,
    jobs,
    commands: app.commands,
    isFollowing: loaded?.get('followLog').composite !== false,
    openFile: (job, output) => void openFile(context, job, output),
    actOnTasks: async (...asked) => {
      const { actOnTasks } = await import('./actOnTasks');
      return actOnTasks(context, ...asked);
    },
    trans
  });
  addToShell(app.shell, widget);
  await tracker.add(widget);
  return widget;
}

/** Open the page of a job with the focus on its log. */
export async function openLog(
  context: IJobContext,
  jobId: string
): Promise<JobWidget> {
  const widget = await openJob(context, jobId);
  widget.content.showLog();
  return widget;
}
