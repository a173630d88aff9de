import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { IBatchClient } from '../tokens';

/**
 * The server's side.
 *
 * Started by the first one who needs it: JupyterLab starts up without loading it.
 */
export const client: JupyterFrontEndPlugin<IBatchClient> = {
  id: 'jupyterlab-batch:client',
  description: 'Calls the batch server extension.',
  autoStart: false,
  provides: IBatchClient,
  activate: async app => {
    const { BatchClient } = await import('../api');
    const { events, serverSettings } = app.serviceManager;
    return new BatchClient({ serverSettings, events: events.stream });
  }
};
