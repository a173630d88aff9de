import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { IBatchClient, IJobStore } from '../tokens';

/**
 * What is known of jobs.
 *
 * Started by the first one who needs it: JupyterLab starts up without loading it.
 */
export const jobStore: JupyterFrontEndPlugin<IJobStore> = {
  id: 'jupyterlab-batch:job-store',
  description: 'Keeps what is known of batch jobs, live while somebody looks.',
  autoStart: false,
  requires: [IBatchClient],
  provides: IJobStore,
  activate: async (app, batchClient: IBatchClient) => {
    const [{ JobStore }, { Visibility }] = await Promise.all([
      import('../stores/jobs'),
      import('../api')
    ]);
    return new JobStore({
      client: batchClient,
      shown: new Visibility().shown,
      connectionFailure: app.serviceManager.connectionFailure
    });
  }
};
