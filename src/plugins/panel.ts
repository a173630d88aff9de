import { ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';
import type { Widget } from '@lumino/widgets';

import { IJobStore } from '../tokens';
import { batchIcon } from '../views/batchIcon';
import { CommandIDs } from '../widgets/jobCommands';
import { later } from './jobOfMenu';
import { LazyPanel } from '../widgets/lazyPanel';
import type { IPanel, IWanted } from './bodies/makePanel';

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
    const { shell } = app;
    const { widget, reveal } = placePanel(app, translator ?? nullTranslator);
    widget.id = PANEL_ID;
    widget.title.icon = batchIcon;
    widget.title.caption = trans.__('Batch Jobs');
    widget.node.setAttribute('role', 'region');
    widget.node.setAttribute('aria-label', trans.__('Batch jobs'));
    shell.add(widget, 'left', { rank: PANEL_RANK, type: 'Batch Jobs' });
    restorer?.add(widget, PANEL_ID);
    addCommands(app, trans, reveal);
    addDirectoriesCommand(app, trans);
  }
};

/** The panel, loaded when it is first seen, and what puts the focus on something in it. */
function placePanel(
  app: JupyterFrontEnd,
  translator: ITranslator
): { widget: LazyPanel; reveal: (wanted: IWanted) => void } {
  let made: IPanel | null = null;
  let wanted: IWanted = {};
  const load = async (): Promise<Widget> => {
    const { makePanel } = await import('./bodies/makePanel');
    made = await makePanel(app, translator);
    made.reveal(wanted);
    return made.panel;
  };
  return {
    widget: new LazyPanel(load, translator.load('jupyterlab_batch')),
    reveal: next => {
      wanted = next;
      made?.reveal(next);
    }
  };
}

/** @param reveal - Puts the focus on a job or a cluster in the list. */
function addCommands(
  app: JupyterFrontEnd,
  trans: TranslationBundle,
  reveal: (wanted: IWanted) => void
): void {
  const { commands, shell } = app;
  commands.addCommand(CommandIDs.showJobs, {
    label: trans.__('Show Batch Jobs'),
    icon: batchIcon,
    describedBy: later('SHOW_ARGS'),
    execute: args => {
      shell.activateById(PANEL_ID);
      if (typeof args.job_id === 'string') {
        reveal({ jobId: args.job_id });
      } else if (typeof args.cluster_id === 'string') {
        reveal({ clusterId: args.cluster_id });
      }
    }
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

function addDirectoriesCommand(
  app: JupyterFrontEnd,
  trans: TranslationBundle
): void {
  app.commands.addCommand(CommandIDs.manageRunDirectories, {
    label: trans.__('Manage Run Directories…'),
    caption: trans.__('See what run directories take up, and remove some'),
    describedBy: NO_ARGS,
    execute: async () => {
      const { manageRunDirectories } = await import('./bodies/runDirectories');
      await manageRunDirectories(app, trans);
    }
  });
}
