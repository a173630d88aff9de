import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import { canUse } from '../../model/cluster';
import type { Cluster } from '../../model/contract';
import {
  isOverText,
  kernelQuestion,
  kernelConnectedText,
  kernelFailedText,
  noKernelText
} from '../../views/text/clusterActionText';
import { CodeQuestion } from '../../widgets/codeQuestion';
import { attempt } from './attempt';
import { atHand } from './clusterContext';
import type { IClusterContext } from './clusterContext';
import { noteConnected } from './notebookCells';
import { tell } from './tell';
import { whyNot } from './connectNotebook';

/** Run the code that connects to a cluster in the kernel of the notebook in front, once the user has seen it. */
export async function connectKernel(
  { app, notebooks, trans }: IClusterContext,
  clusterId: string
): Promise<void> {
  await attempt(trans, async () => {
    const { client, cluster } = await atHand(app, clusterId);
    const panel = notebooks?.currentWidget ?? null;
    const kernel = panel?.sessionContext.session?.kernel ?? null;
    const reason = canUse(cluster)
      ? panel && kernel
        ? whyNot(panel, trans)
        : noKernelText(trans)
      : isOverText(cluster, trans);
    if (!panel || !kernel || reason !== null) {
      tell('info', reason ?? noKernelText(trans));
      return;
    }
    const { code } = await client.getCode(clusterId);
    const { path } = panel.context;
    const question = kernelQuestion(
      cluster,
      path,
      kernel.status === 'busy',
      trans
    );
    if (!(await new CodeQuestion(question, code).launch()).button.accept) {
      return;
    }
    await runAndTell(kernel, code, cluster, path, trans);
  });
}

async function runAndTell(
  kernel: Kernel.IKernelConnection,
  code: string,
  cluster: Cluster,
  path: string,
  trans: TranslationBundle
): Promise<void> {
  const { error, said } = await run(kernel, code);
  if (error) {
    tell('error', kernelFailedText(cluster, path, error, trans));
    return;
  }
  noteConnected(cluster, path);
  // What the code writes is how the versions of both sides differ.
  const text = kernelConnectedText(cluster, path, trans);
  tell(said ? 'warning' : 'success', [text, said].filter(Boolean).join('\n'));
}

/** Run code beside the notebook: it stands in no cell and counts in no history. */
async function run(
  kernel: Kernel.IKernelConnection,
  code: string
): Promise<{ error: string; said: string }> {
  const future = kernel.requestExecute({ code, store_history: false });
  let said = '';
  future.onIOPub = message => {
    if (message.header.msg_type === 'stream') {
      said += (message as KernelMessage.IStreamMsg).content.text;
    }
  };
  const { content } = await future.done;
  const error =
    content.status === 'error' ? `${content.ename}: ${content.evalue}` : '';
  return { error, said: said.trim() };
}
