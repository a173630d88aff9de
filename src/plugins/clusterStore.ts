import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { IClusterClient, IClusterStore } from '../clusterTokens';
import { IJobStore } from '../tokens';

/**
 * What is known of Dask clusters.
 *
 * Started by the first one who needs it: who has no cluster does not load it.
 */
export const clusterStore: JupyterFrontEndPlugin<IClusterStore> = {
  id: 'jupyterlab-batch:cluster-store',
  description: 'Keeps what is known of Dask clusters.',
  autoStart: false,
  requires: [IClusterClient, IJobStore],
  provides: IClusterStore,
  activate: async (_app, client: IClusterClient, jobs: IJobStore) => {
    const { ClusterStore } = await import('./bodies/clusterActs');
    return new ClusterStore({ client, jobs });
  }
};
