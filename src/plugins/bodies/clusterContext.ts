import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

import { IClusterClient, IClusterStore } from '../../clusterTokens';
import type { Cluster } from '../../model/contract';
import type { ClusterWidget } from '../../widgets/clusterWidget';
import type { PlotWidget } from '../../widgets/plotWidget';

/** The tabs of clusters: their pages, and plots of their dashboards. */
export type ClusterTab = ClusterWidget | PlotWidget;

/** What the commands of clusters work with. */
export interface IClusterContext {
  app: JupyterFrontEnd;
  tabs: WidgetTracker<ClusterTab>;
  notebooks: INotebookTracker | null;
  settings: ISettingRegistry | null;
  browsers: IFileBrowserFactory | null;
  trans: TranslationBundle;
}

/** One cluster, and what can be asked of it. */
export interface IClusterAtHand {
  client: IClusterClient;
  clusters: IClusterStore;
  /** As it is now. */
  cluster: Cluster;
}

/** Look a cluster up; the server is asked where nobody looks at the list. */
export async function atHand(
  app: JupyterFrontEnd,
  id: string
): Promise<IClusterAtHand> {
  const [client, clusters] = await Promise.all([
    app.resolveRequiredService(IClusterClient),
    app.resolveRequiredService(IClusterStore)
  ]);
  const isLive = clusters.snapshot.state === 'live';
  const known = isLive ? clusters.cluster(id) : undefined;
  return { client, clusters, cluster: known ?? (await clusters.fetch(id)) };
}
