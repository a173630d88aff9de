import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { OutputDrive } from '../widgets/outputDrive';

/** Lets notebooks that jobs are writing be opened without being changed. */
export const runningOutput: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:running-output',
  description: 'Opens outputs of running batch jobs as read-only copies.',
  autoStart: true,
  activate: app => {
    const { contents } = app.serviceManager;
    contents.addDrive(new OutputDrive(contents));
  }
};
