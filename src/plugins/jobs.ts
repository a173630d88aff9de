import { ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { closeIcon, folderIcon } from '@jupyterlab/ui-components';

import { CommandIDs } from '../widgets/jobCommands';
import type { JobWidget } from '../widgets/jobWidget';
import type { IJobContext } from './bodies/jobContext';

const JOB_ARGS = {
  args: {
    type: 'object',
    properties: {
      job_id: {
        type: 'string',
        description: 'The job; by default the one whose menu is open'
      }
    }
  }
} as const;

/** What can be done with one job. */
export const jobs: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:jobs',
  description: 'Opens and cancels batch jobs.',
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
    addOpenCommands(context);
    addActCommands(context);
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
      return openJob(context, jobIdOf(app, args));
    }
  });
  app.commands.addCommand(CommandIDs.openLog, {
    label: trans.__('Open Log'),
    describedBy: JOB_ARGS,
    execute: async args => {
      const { openLog } = await import('./bodies/openJob');
      return openLog(context, jobIdOf(app, args));
    }
  });
  app.commands.addCommand(CommandIDs.openOutput, {
    label: trans.__('Open Output'),
    describedBy: JOB_ARGS,
    execute: async args => {
      const { openOutput } = await import('./bodies/openOutput');
      await openOutput(context, jobIdOf(app, args));
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
      const { showRunDirectory } = await import('./bodies/openOutput');
      await showRunDirectory(context, jobIdOf(app, args));
    }
  });
  app.commands.addCommand(CommandIDs.holdJob, {
    label: trans.__('Hold Job'),
    describedBy: JOB_ARGS,
    execute: async args => {
      const { holdJob } = await import('./bodies/holdJob');
      await holdJob(context, jobIdOf(app, args));
    }
  });
  app.commands.addCommand(CommandIDs.releaseJob, {
    label: trans.__('Release Job'),
    describedBy: JOB_ARGS,
    execute: async args => {
      const { releaseJob } = await import('./bodies/holdJob');
      await releaseJob(context, jobIdOf(app, args));
    }
  });
  app.commands.addCommand(CommandIDs.cancelJob, {
    label: trans.__('Cancel Job…'),
    icon: closeIcon,
    describedBy: JOB_ARGS,
    execute: async args => {
      const { cancelJob } = await import('./bodies/cancelJob');
      await cancelJob(context, jobIdOf(app, args));
    }
  });
}

/** The job that a command means: the given one, or the one whose menu is open. */
function jobIdOf(app: JupyterFrontEnd, args: { job_id?: unknown }): string {
  if (typeof args.job_id === 'string') {
    return args.job_id;
  }
  const node = app.contextMenuHitTest(
    element => element.dataset.jobId !== undefined
  );
  return node?.dataset.jobId ?? '';
}
