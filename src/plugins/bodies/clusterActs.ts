/** All that is done with Dask clusters, as one chunk: what is loaded at start knows one name of it. */
export { ClusterClient } from '../../api/clusters';
export { ClusterStore } from '../../stores/clusters';
export { connectKernel } from './connectKernel';
export { connectNotebook } from './connectNotebook';
export { identifyCluster } from './identifyCluster';
export { makeClusterCard } from './makeClusterCard';
export { makeClusters } from './makeClusters';
export { newCluster } from './newCluster';
export { openCluster, openPlot } from './openCluster';
export { runningClusters } from './runningClusters';
export { scaleCluster } from './scaleCluster';
export { watchClusters } from './watchClusters';
export { forgetCluster, stopCluster } from './stopCluster';
