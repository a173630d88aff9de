import type { CommandRegistry } from '@lumino/commands';

import type { JobRow } from '../model/contract';
import type { Offer } from '../model/resubmission';
import type { IJobActions } from '../views/jobs/jobActions';

/** The commands of this extension. */
export namespace CommandIDs {
  export const openScript = 'jupyterlab-batch:open-script';
  export const openTemplate = 'jupyterlab-batch:open-template';
  export const newJob = 'jupyterlab-batch:new-job';
  export const runNotebook = 'jupyterlab-batch:run-notebook';
  export const runScript = 'jupyterlab-batch:run-script';
  export const showJobs = 'jupyterlab-batch:show-jobs';
  export const openTable = 'jupyterlab-batch:open-table';
  export const refreshJobs = 'jupyterlab-batch:refresh-jobs';
  export const openJob = 'jupyterlab-batch:open-job';
  export const openLog = 'jupyterlab-batch:open-log';
  export const openOutput = 'jupyterlab-batch:open-output';
  export const showRunDirectory = 'jupyterlab-batch:show-run-directory';
  export const manageRunDirectories = 'jupyterlab-batch:manage-run-directories';
  export const holdJob = 'jupyterlab-batch:hold-job';
  export const releaseJob = 'jupyterlab-batch:release-job';
  export const suspendJob = 'jupyterlab-batch:suspend-job';
  export const resumeJob = 'jupyterlab-batch:resume-job';
  export const requeueJob = 'jupyterlab-batch:requeue-job';
  export const changeJob = 'jupyterlab-batch:change-job';
  export const signalJob = 'jupyterlab-batch:signal-job';
  export const cancelJob = 'jupyterlab-batch:cancel-job';
  export const resubmitJob = 'jupyterlab-batch:resubmit-job';
  export const editJob = 'jupyterlab-batch:edit-job';
  export const declareLost = 'jupyterlab-batch:declare-lost';
  export const forgetJob = 'jupyterlab-batch:forget-job';
  export const newCluster = 'jupyterlab-batch:new-cluster';
  export const openCluster = 'jupyterlab-batch:open-cluster';
  export const openPlot = 'jupyterlab-batch:open-plot';
  export const connectNotebook = 'jupyterlab-batch:connect-notebook';
  export const connectKernel = 'jupyterlab-batch:connect-kernel';
  export const scaleCluster = 'jupyterlab-batch:scale-cluster';
  export const identifyCluster = 'jupyterlab-batch:identify-cluster';
  export const stopCluster = 'jupyterlab-batch:stop-cluster';
  export const forgetCluster = 'jupyterlab-batch:forget-cluster';
}

/** Ask what is to be different when just these tasks of an array are run again. */
export function resubmitTasks(
  commands: CommandRegistry,
  row: JobRow,
  indices: readonly number[],
  offer: Offer | null
): void {
  void commands.execute(CommandIDs.resubmitJob, {
    job_id: row.id,
    task_indices: [...indices],
    ...(offer ? { [offer.field]: offer.text } : {})
  });
}

/** What views ask for, as commands of the application. */
export function jobActions(commands: CommandRegistry): IJobActions {
  const run = (id: string) => (row: JobRow) => {
    void commands.execute(id, { job_id: row.id });
  };
  return {
    open: run(CommandIDs.openJob),
    openLog: run(CommandIDs.openLog),
    openOutput: run(CommandIDs.openOutput),
    showRunDirectory: run(CommandIDs.showRunDirectory),
    hold: run(CommandIDs.holdJob),
    release: run(CommandIDs.releaseJob),
    suspend: run(CommandIDs.suspendJob),
    resume: run(CommandIDs.resumeJob),
    requeue: run(CommandIDs.requeueJob),
    change: run(CommandIDs.changeJob),
    signal: run(CommandIDs.signalJob),
    cancel: run(CommandIDs.cancelJob),
    resubmit: run(CommandIDs.resubmitJob),
    edit: run(CommandIDs.editJob),
    giveUp: run(CommandIDs.declareLost),
    forget: run(CommandIDs.forgetJob)
  };
}
