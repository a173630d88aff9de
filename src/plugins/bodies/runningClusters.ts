import type { IRunningSessions } from '@jupyterlab/running';

import type { IClusterClient } from '../../clusterTokens';
import { canStop } from '../../model/cluster';
import type { Cluster } from '../../model/contract';
import type { ClusterWatch } from '../../stores/clusterWatch';
import { clusterIcon } from '../../views/icons';
import { clusterHead, clusterStateText } from '../../views/text/clusterText';
import { CommandIDs } from '../../widgets/jobCommands';
import type { IWatchContext } from './startWatch';

/** The section of JupyterLab's running sessions that lists Dask clusters which are not over. */
export function runningClusters(
  context: Pick<IWatchContext, 'app' | 'trans'>,
  client: IClusterClient,
  watch: ClusterWatch
): IRunningSessions.IManager {
  const { trans } = context;
  return {
    name: trans.__('Dask Clusters'),
    supportsMultipleViews: false,
    running: () => watch.snapshot.clusters.map(one => toItem(one, context)),
    refreshRunning: () => void watch.refresh(),
    runningChanged: watch.changed,
    shutdownLabel: trans.__('Stop Cluster…'),
    shutdownAllLabel: trans.__('Stop All'),
    shutdownAllConfirmationText: trans.__(
      'Stop all Dask clusters? All results that are only in their memory are lost.'
    ),
    shutdownAll: () => {
      const stopping = watch.snapshot.clusters
        .filter(canStop)
        .map(({ id }) => client.stop(id));
      void Promise.allSettled(stopping).then(() => watch.refresh());
    }
  };
}

function toItem(
  cluster: Cluster,
  { app, trans }: Pick<IWatchContext, 'app' | 'trans'>
): IRunningSessions.IRunningItem {
  const state = clusterStateText(cluster, trans);
  const head = clusterHead(cluster, trans);
  const args = { cluster_id: cluster.id };
  return {
    icon: () => clusterIcon,
    label: () => cluster.name,
    labelTitle: () => [...new Set([cluster.name, state, head])].join('\n'),
    detail: () => head,
    open: () => void app.commands.execute(CommandIDs.showJobs, args),
    shutdown: () => void app.commands.execute(CommandIDs.stopCluster, args)
  };
}
