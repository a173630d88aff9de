import { canForget, canStop } from '../../model/cluster';
import type { Cluster } from '../../model/contract';
import type { IQuestion } from '../../views/text/actionText';
import {
  clusterChangedText,
  forgetQuestion,
  isOverText,
  notStoppedText,
  stopQuestion
} from '../../views/text/clusterActionText';
import { QuestionDialog } from '../../widgets/questionDialog';
import { clusterUsers } from './clusterUsers';
import { atHand } from './clusterContext';
import type { IClusterAtHand, IClusterContext } from './clusterContext';
import { attempt } from './attempt';
import { tell } from './tell';

/** Stop a cluster once the user has confirmed it, unless it ended meanwhile. */
export async function stopCluster(
  context: IClusterContext,
  clusterId: string
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const parts = await atHand(app, clusterId);
    const { client, clusters, cluster } = parts;
    if (!canStop(cluster)) {
      tell('info', isOverText(cluster, trans));
      return;
    }
    const users = await clusterUsers(context, parts);
    const question = stopQuestion(cluster, users, trans);
    if (!(await isConfirmed(context, parts, question, canStop))) {
      return;
    }
    const result = await client.stop(clusterId);
    clusters.accept(result.cluster);
    switch (result.outcome) {
      case 'ok':
        return;
      case 'already_final':
        tell('info', isOverText(result.cluster, trans));
        return;
      case 'denied':
      case 'error':
        tell('error', notStoppedText(result.cluster, result.message, trans));
    }
  });
}

/** Take a cluster that is over out of the list once the user has confirmed it. */
export async function forgetCluster(
  context: IClusterContext,
  clusterId: string
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const parts = await atHand(app, clusterId);
    const { client, clusters, cluster } = parts;
    if (!canForget(cluster)) {
      tell('info', isOverText(cluster, trans));
      return;
    }
    const question = forgetQuestion(cluster, trans);
    if (await isConfirmed(context, parts, question, canForget)) {
      await client.forget(clusterId);
      clusters.drop(clusterId);
    }
  });
}

/** Ask; false also if the cluster changed while the user was asked. */
async function isConfirmed(
  { trans }: IClusterContext,
  { clusters, cluster: before }: IClusterAtHand,
  question: IQuestion,
  fits: (cluster: Cluster) => boolean
): Promise<boolean> {
  const dialog = new QuestionDialog({
    question,
    store: clusters,
    whyNot: () => {
      const cluster = clusters.cluster(before.id) ?? before;
      return fits(cluster) ? null : clusterChangedText(cluster, trans);
    },
    trans
  });
  const { button } = await dialog.launch();
  return button.accept;
}
