import { canUse } from '../../model/cluster';
import type { Cluster, ClusterWorker } from '../../model/contract';
import { clusterChangedText } from '../../views/text/clusterActionText';
import {
  notRetiredText,
  retireQuestion
} from '../../views/text/clusterPageText';
import { QuestionDialog } from '../../widgets/questionDialog';
import { attempt } from './attempt';
import { atHand } from './clusterContext';
import type { IClusterContext } from './clusterContext';
import { tell } from './tell';

/** End one worker of a cluster once the user has confirmed it. */
export async function retireWorker(
  { app, trans }: IClusterContext,
  { id }: Cluster,
  worker: ClusterWorker
): Promise<void> {
  await attempt(trans, async () => {
    const { client, clusters, cluster } = await atHand(app, id);
    const dialog = new QuestionDialog({
      question: retireQuestion(cluster, worker.name, trans),
      store: clusters,
      whyNot: () => {
        const now = clusters.cluster(id);
        return !now || canUse(now) ? null : clusterChangedText(now, trans);
      },
      trans
    });
    const { button } = await dialog.launch();
    if (!button.accept) {
      return;
    }
    const { results, cluster: changed } = await client.retire(id, [
      worker.address
    ]);
    clusters.accept(changed);
    for (const { outcome, message } of results) {
      if (outcome !== 'ok') {
        tell('warning', notRetiredText(worker.name, message, trans));
      }
    }
  });
}
