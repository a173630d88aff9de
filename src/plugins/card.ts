import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IJobStore } from '../tokens';
import { JobCardRenderer, JOB_MIME_TYPE } from '../widgets/jobCardRenderer';

/** Before HTML and text, which stand beside it in the same output. */
const CARD_RANK = 10;

/** Draws jobs in the outputs of cells. */
export const card: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:card',
  description: 'Draws batch jobs in the outputs of cells.',
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
      mimeTypes: [JOB_MIME_TYPE],
      defaultRank: CARD_RANK,
      createRenderer: () =>
        new JobCardRenderer({
          getJobs: () => app.resolveRequiredService(IJobStore),
          createOther: model => createOther(rendermime, model),
          commands: app.commands,
          trans
        })
    });
  }
};

/** Make a renderer for what an output carries besides the job. */
function createOther(
  rendermime: IRenderMimeRegistry,
  model: IRenderMime.IMimeModel
): IRenderMime.IRenderer | null {
  const others = Object.fromEntries(
    Object.entries(model.data).filter(([type]) => type !== JOB_MIME_TYPE)
  );
  const mimeType = rendermime.preferredMimeType(
    others,
    model.trusted ? 'any' : 'ensure'
  );
  return mimeType ? rendermime.createRenderer(mimeType) : null;
}
