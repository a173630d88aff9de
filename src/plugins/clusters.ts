import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';

import { CommandIDs } from '../widgets/jobCommands';
import { CLUSTER_ARGS, clusterIdOf, NEW_CLUSTER_ARGS } from './jobOfMenu';

/** What can be done with Dask clusters. */
export const clusters: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:clusters',
  description: 'Starts, connects, scales and stops Dask clusters.',
  autoStart: true,
  optional: [
    ITranslator,
    INotebookTracker,
    ISettingRegistry,
    IFileBrowserFactory
  ],
  activate: (
    app,
    translator: ITranslator | null,
    notebooks: INotebookTracker | null,
    settings: ISettingRegistry | null,
    browsers: IFileBrowserFactory | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_batch');
    const context = { app, notebooks, settings, browsers, trans };
    for (const [id, act, label] of commandsOf(trans)) {
      app.commands.addCommand(id, {
        label,
        describedBy: act === 'newCluster' ? NEW_CLUSTER_ARGS : CLUSTER_ARGS,
        execute: async args => {
          const acts = await import('./bodies/clusterActs');
          await acts[act](context, clusterIdOf(args), args);
        }
      });
    }
  }
};

/** Each command with what does it, and what it is called. */
function commandsOf(trans: TranslationBundle) {
  return [
    [CommandIDs.newCluster, 'newCluster', trans.__('New Dask Cluster…')],
    [
      CommandIDs.connectNotebook,
      'connectNotebook',
      trans.__('Connect Notebook')
    ],
    [
      CommandIDs.connectKernel,
      'connectKernel',
      trans.__('Connect Running Kernel…')
    ],
    [CommandIDs.scaleCluster, 'scaleCluster', trans.__('Scale Cluster…')],
    [
      CommandIDs.identifyCluster,
      'identifyCluster',
      trans.__('Say Which Cluster…')
    ],
    [CommandIDs.stopCluster, 'stopCluster', trans.__('Stop Cluster…')],
    [CommandIDs.forgetCluster, 'forgetCluster', trans.__('Forget Cluster…')]
  ] as const;
}
