import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ClusterTab } from './bodies/clusterContext';
import { CommandIDs } from '../widgets/jobCommands';
import { CLUSTER_ARGS, clusterIdOf, NEW_CLUSTER_ARGS } from './jobOfMenu';

/** What can be done with Dask clusters. */
export const clusters: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:clusters',
  description: 'Starts, shows, connects, scales and stops Dask clusters.',
  autoStart: true,
  optional: [
    ITranslator,
    INotebookTracker,
    ISettingRegistry,
    IFileBrowserFactory,
    ILayoutRestorer
  ],
  activate: (
    app,
    translator: ITranslator | null,
    notebooks: INotebookTracker | null,
    settings: ISettingRegistry | null,
    browsers: IFileBrowserFactory | null,
    restorer: ILayoutRestorer | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_batch');
    const tabs = new WidgetTracker<ClusterTab>({
      namespace: 'jupyterlab-batch-cluster'
    });
    const context = { app, tabs, notebooks, settings, browsers, trans };
    for (const [act, label] of commandsOf(trans)) {
      app.commands.addCommand(CommandIDs[act], {
        label,
        describedBy: act === 'newCluster' ? NEW_CLUSTER_ARGS : CLUSTER_ARGS,
        execute: async args => {
          const id = clusterIdOf(args);
          const acts = await import('./bodies/clusterActs');
          await (act === 'newCluster'
            ? acts.newCluster(context, args)
            : acts.actOnCluster(act, context, id, args));
        }
      });
    }
    void restorer?.restore(tabs, {
      command: CommandIDs.openCluster,
      args: ({ content }) => content.opensWith,
      name: ({ id }) => id
    });
  }
};

/** What each command does, by its name, and its label. */
function commandsOf(trans: TranslationBundle) {
  return [
    ['newCluster', trans.__('New Dask Cluster…')],
    ['openCluster', trans.__('Open Dask Cluster')],
    ['openPlot', trans.__('Open Dask Plot…')],
    ['connectNotebook', trans.__('Connect Notebook')],
    ['connectKernel', trans.__('Connect Running Kernel…')],
    ['scaleCluster', trans.__('Scale Cluster…')],
    ['identifyCluster', trans.__('Say Which Cluster…')],
    ['stopCluster', trans.__('Stop Cluster…')],
    ['forgetCluster', trans.__('Forget Cluster…')]
  ] as const;
}
