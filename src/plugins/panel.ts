import { ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';

import { IBatchClient, IJobStore } from '../tokens';
import { batchIcon } from '../views/batchIcon';
import { CommandIDs } from '../widgets/jobCommands';
import { LazyPanel } from '../widgets/lazyPanel';

const PANEL_ID = 'jupyterlab-batch-jobs';

/** Between the running sessions and the table of contents. */
const PANEL_RANK = 350;

const NO_ARGS = { args: { type: 'object', properties: {} } } as const;

/** The side panel. */
export const panel: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:panel',
  description: 'Shows batch jobs in a side panel.',
  autoStart: true,
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_batch');
    const { commands, shell } = app;
    const widget = new LazyPanel(async () => {
      const [{ JobsPanel }, client, jobs] = await Promise.all([
        import('../widgets/jobsPanel'),
        app.resolveRequiredService(IBatchClient),
        app.resolveRequiredService(IJobStore)
      ]);
      return new JobsPanel({
        client,
        jobs,
        commands,
        translator: translator ?? nullTranslator
      });
    }, trans);
    widget.id = PANEL_ID;
    widget.title.icon = batchIcon;
    widget.title.caption = trans.__('Batch Jobs');
    widget.node.setAttribute('role', 'region');
    widget.node.setAttribute('aria-label', trans.__('Batch jobs'));
    shell.add(widget, 'left', { rank: PANEL_RANK, type: 'Batch Jobs' });
    restorer?.add(widget, PANEL_ID);
    addCommands(app, trans);
  }
};

function addCommands(app: JupyterFrontEnd, trans: TranslationBundle): void {
  const { commands, shell } = app;
  commands.addCommand(CommandIDs.showJobs, {
    label: trans.__('Show Batch Jobs'),
    icon: batchIcon,
    describedBy: NO_ARGS,
    execute: () => shell.activateById(PANEL_ID)
  });
  commands.addCommand(CommandIDs.refreshJobs, {
    label: trans.__('Refresh Batch Jobs'),
    caption: trans.__('Refresh the list of batch jobs'),
    icon: refreshIcon,
    describedBy: NO_ARGS,
    execute: async () => {
      const jobs = await app.resolveRequiredService(IJobStore);
      await jobs.refresh();
    }
  });
}
