import { Clipboard } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { canUse } from '../../model/cluster';
import {
  isOverText,
  noNotebookText,
  otherLanguageText,
  readOnlyText
} from '../../views/text/clusterActionText';
import { atHand } from './clusterContext';
import type { IClusterContext } from './clusterContext';
import { putCode } from './notebookCells';
import { attempt } from './attempt';
import { tell } from './tell';

/** Put the code that connects to a cluster into the notebook in front; it is not run. */
export async function connectNotebook(
  { app, notebooks, trans }: IClusterContext,
  clusterId: string
): Promise<void> {
  await attempt(trans, async () => {
    const { client, cluster } = await atHand(app, clusterId);
    if (!canUse(cluster)) {
      tell('info', isOverText(cluster, trans));
      return;
    }
    const { code } = await client.getCode(clusterId);
    const panel = notebooks?.currentWidget ?? null;
    const reason = panel ? whyNot(panel, trans) : noNotebookText(trans);
    if (panel && reason === null) {
      await panel.revealed;
      putCode(panel, code);
      app.shell.activateById(panel.id);
    } else {
      offerCode(reason ?? '', code, trans);
    }
  });
}

/** Why the code cannot stand in a notebook; null if it can. */
export function whyNot(
  { content, context }: NotebookPanel,
  trans: TranslationBundle
): string | null {
  const language = content.model?.defaultKernelLanguage ?? '';
  if (content.model?.readOnly) {
    return readOnlyText(context.path, trans);
  }
  return language === '' || language === 'python'
    ? null
    : otherLanguageText(context.path, language, trans);
}

/** Say why the code is in no notebook, and let it be taken elsewhere. */
function offerCode(
  reason: string,
  code: string,
  trans: TranslationBundle
): void {
  tell('info', reason, [
    {
      label: trans.__('Copy Code'),
      callback: () => Clipboard.copyToSystem(code)
    }
  ]);
}
