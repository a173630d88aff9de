import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import { IClusterClient, IClusterStore } from '../../clusterTokens';
import { makeClusterCard as make } from '../../widgets/clusterCards';

/** Make the card of the Dask cluster that an output carries. */
export function makeClusterCard(
  app: JupyterFrontEnd,
  trans: TranslationBundle,
  model: IRenderMime.IMimeModel
): Promise<Widget> {
  const { commands } = app;
  const getService = async () => ({
    client: await app.resolveRequiredService(IClusterClient),
    clusters: await app.resolveRequiredService(IClusterStore),
    commands
  });
  return make({ getService, trans }, model);
}
