import type { TranslationBundle } from '@jupyterlab/translation';

import { canUse } from '../../model/cluster';
import type { ClusterActionResult } from '../../model/contract';
import { acceptedText, isOverText } from '../../views/text/clusterActionText';
import { scaleDialog } from '../../widgets/clusterDialogs';
import { ScaleModel } from '../../widgets/scaleModel';
import { atHand } from './clusterContext';
import type { IClusterContext } from './clusterContext';
import { attempt } from './attempt';
import { tell } from './tell';

/** Give a cluster another number of workers, which a dialog asks for. */
export async function scaleCluster(
  { app, trans }: IClusterContext,
  clusterId: string
): Promise<void> {
  await attempt(trans, async () => {
    const { client, clusters, cluster } = await atHand(app, clusterId);
    if (!canUse(cluster)) {
      tell('info', isOverText(cluster, trans));
      return;
    }
    const model = new ScaleModel({ client, clusters, cluster });
    await scaleDialog({ model, trans }).launch();
    const { result } = model;
    model.dispose();
    if (result) {
      tellOutcome(result, trans);
    }
  });
}

/** Say what was accepted where that is not what was asked for. */
function tellOutcome(
  { outcome, message, cluster }: ClusterActionResult,
  trans: TranslationBundle
): void {
  if (outcome === 'already_final') {
    tell('info', isOverText(cluster, trans));
  } else if (outcome === 'ok' && message) {
    tell('warning', acceptedText(cluster, message, trans));
  }
}
