import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';

import { IClusterClient } from '../../clusterTokens';
import { ClusterNewsWatch } from '../../stores/clusterNews';
import type { ClusterNews } from '../../stores/clusterNews';
import { clusterNewsText } from '../../views/text/clusterPageText';
import { CommandIDs } from '../../widgets/jobCommands';
import { CLUSTERS_TOLD } from './toldKeys';
import { tell } from './tell';

/**
 * Tell what becomes of Dask clusters.
 *
 * @param wanted - which notices the user wants: all, failures or none.
 */
export async function watchClusters(
  app: JupyterFrontEnd,
  wanted: () => unknown,
  trans: TranslationBundle
): Promise<ClusterNewsWatch> {
  const client = await app.resolveRequiredService(IClusterClient);
  const watch = new ClusterNewsWatch({ client, memory: MEMORY });
  watch.happened.connect((_, news) => {
    for (const one of news.filter(({ kind }) => isWanted(kind, wanted()))) {
      const { cluster } = one;
      tell(one.kind === 'stopped' ? 'info' : 'warning', textOf(one, trans), [
        {
          label: trans.__('Open Cluster'),
          callback: () =>
            void app.commands.execute(CommandIDs.openCluster, {
              cluster_id: cluster.id
            })
        }
      ]);
    }
  });
  return watch;
}

function isWanted(kind: ClusterNews['kind'], wanted: unknown): boolean {
  return (
    wanted === 'all' ||
    (wanted === 'failures' && kind !== 'stopped' && kind !== 'stops_soon')
  );
}

function textOf(news: ClusterNews, trans: TranslationBundle): string {
  return clusterNewsText(news, Date.now(), trans);
}

/** What this browser has told, so that neither a reload nor another tab tells it again. */
const MEMORY: ClusterNewsWatch.IMemory = {
  recall: () =>
    new Set(localStorage.getItem(CLUSTERS_TOLD)?.split('\n').filter(Boolean)),
  remember: told => localStorage.setItem(CLUSTERS_TOLD, [...told].join('\n'))
};
