import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { IClusterClient } from '../../clusterTokens';
import { canForget, canIdentify, canStop, canUse } from '../../model/cluster';
import type { Cluster } from '../../model/contract';
import { noClusterText } from '../../views/text/clusterActionText';
import { clusterStateText } from '../../views/text/clusterText';
import { pick } from '../../widgets/pickDialog';
import { attempt } from './attempt';
import type { IClusterContext } from './clusterContext';
import { connectKernel } from './connectKernel';
import { connectNotebook } from './connectNotebook';
import { identifyCluster } from './identifyCluster';
import { openCluster, openPlot } from './openCluster';
import { scaleCluster } from './scaleCluster';
import { forgetCluster, stopCluster } from './stopCluster';
import { tell } from './tell';

/** What can be done to one cluster, and with which. */
const ACTS = {
  openCluster: [openCluster, () => true],
  openPlot: [openPlot, canUse],
  connectNotebook: [connectNotebook, canUse],
  connectKernel: [connectKernel, canUse],
  scaleCluster: [scaleCluster, canUse],
  identifyCluster: [identifyCluster, canIdentify],
  stopCluster: [stopCluster, canStop],
  forgetCluster: [forgetCluster, canForget]
} as const satisfies Record<
  string,
  readonly [
    (
      context: IClusterContext,
      clusterId: string,
      args: ReadonlyPartialJSONObject
    ) => Promise<void>,
    (cluster: Cluster) => boolean
  ]
>;

/** Do something to the cluster that is meant; where none is, the user is asked which. */
export async function actOnCluster(
  act: keyof typeof ACTS,
  context: IClusterContext,
  clusterId: string,
  args: ReadonlyPartialJSONObject
): Promise<void> {
  await attempt(context.trans, async () => {
    const [run, fits] = ACTS[act];
    const id = clusterId || (await chooseCluster(context, fits));
    if (id !== null) {
      await run(context, id, args);
    }
  });
}

/** The only cluster that something can be done to, or the one that is chosen; null if there is none. */
async function chooseCluster(
  { app, trans }: IClusterContext,
  fits: (cluster: Cluster) => boolean
): Promise<string | null> {
  const client = await app.resolveRequiredService(IClusterClient);
  const clusters = (await client.list()).clusters.filter(fits);
  if (clusters.length === 0) {
    tell('info', noClusterText(trans));
    return null;
  }
  if (clusters.length === 1) {
    return clusters[0].id;
  }
  const chosen = await pick({
    title: trans.__('Which Dask cluster?'),
    label: trans.__('Cluster'),
    hint: trans.__('Find a cluster'),
    accept: trans.__('Choose'),
    items: clusters.map(cluster => ({
      id: cluster.id,
      title: cluster.name,
      note: clusterStateText(cluster, trans)
    })),
    trans
  });
  return chosen && chosen.id;
}
