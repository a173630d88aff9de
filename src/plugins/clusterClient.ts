import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { IClusterClient } from '../clusterTokens';

/**
 * The server's side of Dask clusters.
 *
 * Started by the first one who needs it: who has no cluster does not load it.
 */
export const clusterClient: JupyterFrontEndPlugin<IClusterClient> = {
  id: 'jupyterlab-batch:cluster-client',
  description: 'Calls the server for Dask clusters.',
  autoStart: false,
  provides: IClusterClient,
  activate: async app => {
    const { ClusterClient } = await import('./bodies/clusterActs');
    const { serverSettings } = app.serviceManager;
    return new ClusterClient({ serverSettings });
  }
};
