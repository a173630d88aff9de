import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import { IJobStore } from '../tokens';
import {
  CardRenderer,
  CLUSTER_MIME_TYPE,
  JOB_MIME_TYPE
} from '../widgets/cardRenderer';

/** Before HTML and text, which stand beside it in the same output. */
const CARD_RANK = 10;

/** Draws jobs and Dask clusters in the outputs of cells. */
export const card: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:card',
  description: 'Draws batch jobs and clusters in the outputs of cells.',
  autoStart: true,
  optional: [IRenderMimeRegistry, ITranslator],
  activate: (
    app,
    rendermime: IRenderMimeRegistry | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_batch');
    if (!rendermime) {
      return;
    }
    rendermime.addFactory({
      // It draws text alone, and does nothing in an untrusted notebook.
      safe: true,
      mimeTypes: [JOB_MIME_TYPE, CLUSTER_MIME_TYPE],
      defaultRank: CARD_RANK,
      createRenderer: ({ mimeType }) =>
        new CardRenderer({
          makeCard: model => makeCard(app, trans, mimeType, model),
          createOther: model => createOther(rendermime, mimeType, model)
        })
    });
  }
};

async function makeCard(
  app: JupyterFrontEnd,
  trans: TranslationBundle,
  mimeType: string,
  model: IRenderMime.IMimeModel
): Promise<Widget> {
  if (mimeType === CLUSTER_MIME_TYPE) {
    const { makeClusterCard } = await import('./bodies/clusterActs');
    return makeClusterCard(app, trans, model);
  }
  const { makeJobCard } = await import('../widgets/jobCards');
  const getJobs = () => app.resolveRequiredService(IJobStore);
  return makeJobCard({ getJobs, commands: app.commands, trans }, model);
}

/** Make a renderer for what an output carries besides what is ours. */
function createOther(
  rendermime: IRenderMimeRegistry,
  ours: string,
  model: IRenderMime.IMimeModel
): IRenderMime.IRenderer | null {
  const others = Object.fromEntries(
    Object.entries(model.data).filter(([type]) => type !== ours)
  );
  const mimeType = rendermime.preferredMimeType(
    others,
    model.trusted ? 'any' : 'ensure'
  );
  return mimeType ? rendermime.createRenderer(mimeType) : null;
}
