import type { CommandRegistry } from '@lumino/commands';

import type { Cluster } from '../model/contract';
import type { IClusterActions } from '../views/clusters/ClusterActions';
import { CommandIDs } from './jobCommands';

/** What views of clusters ask for, as commands of the application. */
export function clusterActions(commands: CommandRegistry): IClusterActions {
  const run = (id: string) => (cluster: Cluster) =>
    void commands.execute(id, { cluster_id: cluster.id });
  return {
    open: run(CommandIDs.openCluster),
    openPlot: run(CommandIDs.openPlot),
    connect: run(CommandIDs.connectNotebook),
    scale: run(CommandIDs.scaleCluster),
    identify: run(CommandIDs.identifyCluster),
    stop: run(CommandIDs.stopCluster),
    forget: run(CommandIDs.forgetCluster)
  };
}
