import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

import { IClusterClient, IClusterStore } from '../../clusterTokens';
import type { Cluster } from '../../model/contract';
import { errorText } from '../../views/text/errorText';

/** So long something is shown that was told. */
const NOTICE_MS = 8_000;

/** What the commands of clusters work with. */
export interface IClusterContext {
  app: JupyterFrontEnd;
  notebooks: INotebookTracker | null;
  settings: ISettingRegistry | null;
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

/** Tell something where it is seen at once, and found later. */
export function tell(
  tone: 'info' | 'warning' | 'error',
  text: string,
  actions: Notification.IAction[] = []
): void {
  Notification.emit(text, tone, { autoClose: NOTICE_MS, actions });
}

/** Do something; tell the user if it failed. */
export async function attempt(
  trans: TranslationBundle,
  act: () => Promise<void>
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    tell('error', errorText(reason, trans));
  }
}
