import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';

import { IClusterClient, IClusterStore } from '../../clusterTokens';
import { ClustersSection } from '../../widgets/clustersSection';

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
  return new ClustersSection({ client, clusters, commands, trans });
}
