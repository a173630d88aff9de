import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';

import { CommandIDs } from '../widgets/jobCommands';
import type { IClusterContext } from './bodies/clusterContext';
import { CLUSTER_ARGS, clusterIdOf } from './jobOfMenu';

/** What can be done with Dask clusters. */
export const clusters: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:clusters',
  description:
    'Starts Dask clusters, connects notebooks to them, and stops them.',
  autoStart: true,
  optional: [ITranslator, INotebookTracker, ISettingRegistry],
  activate: (
    app,
    translator: ITranslator | null,
    notebooks: INotebookTracker | null,
    settings: ISettingRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_batch');
    const context = { app, notebooks, settings, trans };
    addNewCluster(context);
    addClusterCommands(context);
  }
};

function addNewCluster(context: IClusterContext): void {
  const { app, trans } = context;
  app.commands.addCommand(CommandIDs.newCluster, {
    label: trans.__('New Dask Cluster…'),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      const { newCluster } = await import('./bodies/newCluster');
      await newCluster(context);
    }
  });
}

/** What can be done with one cluster. */
function addClusterCommands(context: IClusterContext): void {
  const { trans } = context;
  addCommand(
    context,
    CommandIDs.connectNotebook,
    trans.__('Connect Notebook'),
    async id => {
      const { connectNotebook } = await import('./bodies/connectNotebook');
      await connectNotebook(context, id);
    }
  );
  addCommand(
    context,
    CommandIDs.scaleCluster,
    trans.__('Scale Cluster…'),
    async id => {
      const { scaleCluster } = await import('./bodies/scaleCluster');
      await scaleCluster(context, id);
    }
  );
  addCommand(
    context,
    CommandIDs.stopCluster,
    trans.__('Stop Cluster…'),
    async id => {
      const { stopCluster } = await import('./bodies/stopCluster');
      await stopCluster(context, id);
    }
  );
  addCommand(
    context,
    CommandIDs.forgetCluster,
    trans.__('Forget Cluster…'),
    async id => {
      const { forgetCluster } = await import('./bodies/stopCluster');
      await forgetCluster(context, id);
    }
  );
}

function addCommand(
  { app }: { app: JupyterFrontEnd; trans: TranslationBundle },
  command: string,
  label: string,
  act: (clusterId: string) => Promise<void>
): void {
  app.commands.addCommand(command, {
    label,
    describedBy: CLUSTER_ARGS,
    execute: args => act(clusterIdOf(args))
  });
}
