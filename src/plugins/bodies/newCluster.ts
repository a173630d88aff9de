import type { KernelSpec } from '@jupyterlab/services';
import type {
  PartialJSONObject,
  ReadonlyPartialJSONObject
} from '@lumino/coreutils';

import { IClusterClient, IClusterStore } from '../../clusterTokens';
import type { ClusterTexts } from '../../model/clusterForm';
import {
  readClusterTemplate,
  writeClusterTemplate
} from '../../model/clusterTemplate';
import type { Cluster } from '../../model/contract';
import { missingGatewayText } from '../../views/text/clusterFormText';
import { errorText } from '../../views/text/errorText';
import { newClusterDialog } from '../../widgets/clusterDialogs';
import { ClusterFormModel } from '../../widgets/clusterFormModel';
import { CommandIDs } from '../../widgets/jobCommands';
import type { IClusterContext } from './clusterContext';
import { attempt } from './attempt';
import { saveAsTemplate } from './saveTemplate';
import { tell } from './tell';

const SETTINGS_ID = 'jupyterlab-batch:clusters';

/** Ask what a new cluster is to be, and start it. */
export async function newCluster(
  context: IClusterContext,
  { template: text }: ReadonlyPartialJSONObject
): Promise<void> {
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
    const template =
      typeof text === 'string' ? readClusterTemplate(text) : null;
    const options = { client, clusters, offers, kept, template };
    const model = new ClusterFormModel(options);
    if (model.missingGateway !== null) {
      tell('warning', missingGatewayText(model.missingGateway, trans));
    }
    const cluster = await ask(context, model).finally(() => model.dispose());
    if (cluster) {
      void loaded?.set('form', plainCopy(model.snapshot.texts));
      const args = { cluster_id: cluster.id };
      await app.commands.execute(CommandIDs.showJobs, args);
    }
  });
}

/** As settings are. */
function plainCopy(texts: ClusterTexts): PartialJSONObject {
  return JSON.parse(JSON.stringify(texts));
}

/** @returns the cluster that was started; null if none was, of which a late failure is told. */
async function ask(
  context: IClusterContext,
  model: ClusterFormModel
): Promise<Cluster | null> {
  const { app, trans } = context;
  const pythons = pythonsOf(app.serviceManager.kernelspecs.specs);
  let isSaving: boolean;
  do {
    isSaving = false;
    const onSave = (): void => void (isSaving = true);
    await newClusterDialog({ model, pythons, onSave, trans }).launch();
    if (isSaving) {
      // JupyterLab shows one dialog at a time: the form comes back afterwards, as it was.
      const { texts } = model.snapshot;
      const name = texts.name || 'dask';
      await saveAsTemplate(context, name, writeClusterTemplate(texts));
    }
  } while (isSaving);
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
