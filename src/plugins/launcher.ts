import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILauncher } from '@jupyterlab/launcher';

import { CommandIDs } from '../widgets/jobCommands';

/** A card in the launcher. */
export const launcher: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:launcher',
  description: 'Offers a new batch job in the launcher.',
  autoStart: true,
  optional: [ILauncher],
  activate: (_app, cards: ILauncher | null) => {
    cards?.add({
      command: CommandIDs.newJob,
      args: { isLauncher: true },
      rank: 5
    });
  }
};
