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
import type { ClustersSection } from '../widgets/clustersSection';
import { CommandIDs } from '../widgets/jobCommands';
import type { JobsPanel } from '../widgets/jobsPanel';
import { LazyPanel } from '../widgets/lazyPanel';
import type { ActOnMany } from '../widgets/selectionModel';

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
    const { widget, reveal } = makePanel(app, translator ?? nullTranslator);
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

/** What a command puts the focus on. */
interface IWanted {
  jobId?: string;
  clusterId?: string;
}

/** What there is of the panel, as far as it was loaded, and what is to be seen in it. */
interface IParts {
  panel: JobsPanel | null;
  clusters: ClustersSection | null;
  wanted: IWanted;
}

/** The panel, loaded when it is first seen, and what puts the focus on something in it. */
function makePanel(
  app: JupyterFrontEnd,
  translator: ITranslator
): { widget: LazyPanel; reveal: (wanted: IWanted) => void } {
  const trans = translator.load('jupyterlab_batch');
  const parts: IParts = { panel: null, clusters: null, wanted: {} };
  const load = async (): Promise<JobsPanel> => {
    const [{ JobsPanel }, client, jobs] = await Promise.all([
      import('../widgets/jobsPanel'),
      app.resolveRequiredService(IBatchClient),
      app.resolveRequiredService(IJobStore)
    ]);
    const { commands } = app;
    const act: ActOnMany = async (action, rows) => {
      const { actOnMany } = await import('./bodies/actOnMany');
      return actOnMany({ app, trans }, action, rows);
    };
    const loadClusters = async (): Promise<ClustersSection> => {
      const { makeClusters } = await import('./bodies/makeClusters');
      parts.clusters = await makeClusters(app, trans);
      show(parts);
      return parts.clusters;
    };
    const options = { client, jobs, commands, act, loadClusters, translator };
    parts.panel = new JobsPanel(options);
    show(parts);
    return parts.panel;
  };
  return {
    widget: new LazyPanel(load, trans),
    reveal: wanted => {
      parts.wanted = wanted;
      show(parts);
    }
  };
}

/** Show what is wanted, as far as the panel is there. */
function show({ panel, clusters, wanted }: IParts): void {
  if (wanted.jobId !== undefined) {
    panel?.reveal(wanted.jobId);
  }
  if (wanted.clusterId !== undefined) {
    panel?.showClusters();
    clusters?.reveal(wanted.clusterId);
  }
}

/** What the command that shows the panel takes. */
const SHOW_ARGS = {
  args: {
    type: 'object',
    properties: {
      job_id: {
        type: 'string',
        description: 'The job to put the focus on'
      },
      cluster_id: {
        type: 'string',
        description: 'The Dask cluster to put the focus on'
      }
    }
  }
} as const;

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
    describedBy: SHOW_ARGS,
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
