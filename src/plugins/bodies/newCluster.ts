import type { KernelSpec } from '@jupyterlab/services';

import { IClusterClient, IClusterStore } from '../../clusterTokens';
import type { Cluster } from '../../model/contract';
import { errorText } from '../../views/text/errorText';
import { newClusterDialog } from '../../widgets/clusterDialogs';
import { ClusterFormModel } from '../../widgets/clusterFormModel';
import { CommandIDs } from '../../widgets/jobCommands';
import type { IClusterContext } from './clusterContext';
import { attempt } from './attempt';
import { tell } from './tell';

const SETTINGS_ID = 'jupyterlab-batch:clusters';

/** Ask what a new cluster is to be, and start it. */
export async function newCluster(context: IClusterContext): Promise<void> {
  const { app, settings, trans } = context;
  await attempt(trans, async () => {
    const client = await app.resolveRequiredService(IClusterClient);
    const clusters = await app.resolveRequiredService(IClusterStore);
    const [offers, loaded] = await Promise.all([
      client.listGateways(),
      settings?.load(SETTINGS_ID)
    ]);
    if (offers.length === 0) {
      tell(
        'info',
        trans.__('No gateway of this Jupyter server starts Dask clusters.')
      );
      return;
    }
    const kept = loaded?.get('form').composite;
    const model = new ClusterFormModel({ client, clusters, offers, kept });
    const cluster = await ask(context, model);
    if (cluster) {
      // A copy that is plain, as settings are.
      void loaded?.set(
        'form',
        JSON.parse(JSON.stringify(model.snapshot.texts))
      );
      await app.commands.execute(CommandIDs.showJobs, {
        cluster_id: cluster.id
      });
    }
    model.dispose();
  });
}

/** @returns the cluster that was started; null if none was, of which a late failure is told. */
async function ask(
  { app, trans }: IClusterContext,
  model: ClusterFormModel
): Promise<Cluster | null> {
  const { specs } = app.serviceManager.kernelspecs;
  await newClusterDialog({ model, pythons: pythonsOf(specs), trans }).launch();
  const { isSubmitting } = model.snapshot;
  const cluster = await model.started;
  if (!cluster && isSubmitting && model.snapshot.error) {
    // The dialog was closed before the answer came.
    tell('error', errorText(model.snapshot.error, trans));
  }
  return cluster;
}

/** The interpreters of all Python kernels, as far as they say one. */
function pythonsOf(specs: KernelSpec.ISpecModels | null): readonly string[] {
  const paths = Object.values(specs?.kernelspecs ?? {}).flatMap(spec =>
    spec?.language === 'python' && spec.argv[0]?.startsWith('/')
      ? [spec.argv[0]]
      : []
  );
  return [...new Set(paths)];
}
