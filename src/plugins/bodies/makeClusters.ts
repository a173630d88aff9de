import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Cluster } from '../../model/contract';
import { IClusterClient, IClusterStore } from '../../clusterTokens';
import { ClustersSection } from '../../widgets/clustersSection';
import { attempt } from './attempt';

/** Make the list of Dask clusters of the panel. */
export async function makeClusters(
  app: JupyterFrontEnd,
  trans: TranslationBundle
): Promise<ClustersSection> {
  const [client, clusters] = await Promise.all([
    app.resolveRequiredService(IClusterClient),
    app.resolveRequiredService(IClusterStore)
  ]);
  const { commands } = app;
  const getCode = (cluster: Cluster) => codeOf(client, cluster, trans);
  return new ClustersSection({ client, clusters, commands, getCode, trans });
}

/** The text of a cell that connects to a cluster; null if it cannot be had, of which the user is told. */
async function codeOf(
  client: IClusterClient,
  { id }: Cluster,
  trans: TranslationBundle
): Promise<string | null> {
  const got: string[] = [];
  await attempt(trans, async () => {
    got.push((await client.getCode(id)).code);
  });
  return got[0] ?? null;
}
