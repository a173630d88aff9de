import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { closeIcon, folderIcon } from '@jupyterlab/ui-components';

import type { Act } from '../model/orders';
import { CommandIDs } from '../widgets/jobCommands';
import type { JobWidget } from '../widgets/jobWidget';
import type { IJobContext } from './bodies/jobContext';
import { RESUBMIT_ARGS, JOB_ARGS, jobIdOf, watchMenus } from './jobOfMenu';

/** What can be done with one job. */
export const jobs: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:jobs',
  description: 'Opens batch jobs, and does to them what can be done.',
  autoStart: true,
  optional: [ITranslator, ILayoutRestorer, IDocumentManager, ISettingRegistry],
  activate: (
    app,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    documents: IDocumentManager | null,
    settings: ISettingRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_batch');
    const tracker = new WidgetTracker<JobWidget>({
      namespace: 'jupyterlab-batch-job'
    });
    const context = { app, tracker, documents, settings, trans };
    watchMenus();
    addOpenCommands(context);
    addActCommands(context);
    addOrderCommands(context);
    addEndCommands(context);
    void restorer?.restore(tracker, {
      command: CommandIDs.openJob,
      args: widget => ({ job_id: widget.content.jobId }),
      name: widget => widget.content.jobId
    });
  }
};

function addOpenCommands(context: IJobContext): void {
  const { app, trans } = context;
  app.commands.addCommand(CommandIDs.openJob, {
    label: trans.__('Open Job'),
    describedBy: JOB_ARGS,
    execute: async args => {
      const { openJob } = await import('./bodies/openJob');
      return openJob(context, jobIdOf(args));
    }
  });
  app.commands.addCommand(CommandIDs.openLog, {
    label: trans.__('Open Log'),
    describedBy: JOB_ARGS,
    execute: async args => {
      const { openLog } = await import('./bodies/openJob');
      return openLog(context, jobIdOf(args));
    }
  });
  app.commands.addCommand(CommandIDs.openOutput, {
    label: trans.__('Open Output'),
    describedBy: JOB_ARGS,
    execute: async args => {
      const { openOutput } = await import('./bodies/jobActs');
      await openOutput(context, jobIdOf(args));
    }
  });
}

function addActCommands(context: IJobContext): void {
  const { app, trans } = context;
  app.commands.addCommand(CommandIDs.showRunDirectory, {
    label: trans.__('Show Run Directory'),
    icon: folderIcon,
    describedBy: JOB_ARGS,
    execute: async args => {
      const { showRunDirectory } = await import('./bodies/jobActs');
      await showRunDirectory(context, jobIdOf(args));
    }
  });
  app.commands.addCommand(CommandIDs.cancelJob, {
    label: trans.__('Cancel Job…'),
    icon: closeIcon,
    describedBy: JOB_ARGS,
    execute: async args => {
      const { cancelJob } = await import('./bodies/jobActs');
      await cancelJob(context, jobIdOf(args));
    }
  });
}

/** What can be done with a job that is not over, where its gateway can. */
function addOrderCommands(context: IJobContext): void {
  const { app, trans } = context;
  const acts: readonly (readonly [string, Act, string])[] = [
    [CommandIDs.holdJob, 'hold', trans.__('Hold Job')],
    [CommandIDs.releaseJob, 'release', trans.__('Release Job')],
    [CommandIDs.suspendJob, 'suspend', trans.__('Suspend Job')],
    [CommandIDs.resumeJob, 'resume', trans.__('Resume Job')],
    [CommandIDs.requeueJob, 'requeue', trans.__('Run Again From the Start…')],
    [CommandIDs.changeJob, 'change', trans.__('Change Job…')],
    [CommandIDs.signalJob, 'signal', trans.__('Send Signal…')]
  ];
  for (const [id, act, label] of acts) {
    app.commands.addCommand(id, {
      label,
      describedBy: JOB_ARGS,
      execute: async args => {
        const { actOnJob } = await import('./bodies/jobActs');
        await actOnJob(context, jobIdOf(args), act);
      }
    });
  }
}

/** What can be done with a job that is over, or that nobody can find. */
function addEndCommands(context: IJobContext): void {
  const { app, trans } = context;
  app.commands.addCommand(CommandIDs.resubmitJob, {
    label: trans.__('Resubmit Job…'),
    describedBy: RESUBMIT_ARGS,
    execute: async args => {
      const { resubmitJob } = await import('./bodies/jobActs');
      await resubmitJob(context, jobIdOf(args), args);
    }
  });
  app.commands.addCommand(CommandIDs.declareLost, {
    label: trans.__('It Does Not Exist…'),
    describedBy: JOB_ARGS,
    execute: async args => {
      const { declareLost } = await import('./bodies/jobActs');
      await declareLost(context, jobIdOf(args));
    }
  });
  app.commands.addCommand(CommandIDs.forgetJob, {
    label: trans.__('Forget Job…'),
    describedBy: JOB_ARGS,
    execute: async args => {
      const { forgetJob } = await import('./bodies/jobActs');
      await forgetJob(context, jobIdOf(args));
    }
  });
}
