import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../widgets/jobCommands';

/** The commands that need no job, in the command palette. */
export const palette: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:palette',
  description: 'Offers batch jobs in the command palette.',
  autoStart: true,
  optional: [ICommandPalette, ITranslator],
  activate: (
    _app,
    commandPalette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_batch');
    const category = trans.__('Batch Jobs');
    for (const command of [
      CommandIDs.newJob,
      CommandIDs.runNotebook,
      CommandIDs.openScript,
      CommandIDs.openTemplate,
      CommandIDs.newCluster,
      CommandIDs.openCluster,
      CommandIDs.openPlot,
      CommandIDs.showJobs,
      CommandIDs.openTable,
      CommandIDs.refreshJobs,
      CommandIDs.manageRunDirectories
    ]) {
      commandPalette?.addItem({ command, category });
    }
    commandPalette?.addItem({
      command: CommandIDs.runScript,
      category,
      args: { isFromEditor: true }
    });
  }
};
