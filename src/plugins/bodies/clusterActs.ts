/** All that is done with Dask clusters, as one chunk: what is loaded at start knows one name of it. */
export { ClusterClient } from '../../api/clusters';
export { ClusterStore } from '../../stores/clusters';
export { actOnCluster } from './actOnCluster';
export { makeClusterCard } from './makeClusterCard';
export { makeClusters } from './makeClusters';
export { newCluster } from './newCluster';
export { runningClusters } from './runningClusters';
export { watchClusters } from './watchClusters';
