import { canIdentify } from '../../model/cluster';
import { clusterChangedText } from '../../views/text/clusterActionText';
import { identifyDialog } from '../../widgets/clusterDialogs';
import { IdentifyModel } from '../../widgets/identifyModel';
import { atHand } from './clusterContext';
import type { IClusterContext } from './clusterContext';
import { attempt } from './attempt';
import { tell } from './tell';

/** Let the user say which cluster it is whose answer was lost, or that there is none. */
export async function identifyCluster(
  { app, trans }: IClusterContext,
  clusterId: string
): Promise<void> {
  await attempt(trans, async () => {
    const { client, clusters, cluster } = await atHand(app, clusterId);
    if (!canIdentify(cluster)) {
      tell('info', clusterChangedText(cluster, trans));
      return;
    }
    const model = new IdentifyModel({ client, clusters, cluster });
    await identifyDialog({ model, trans }).launch();
    model.dispose();
  });
}
