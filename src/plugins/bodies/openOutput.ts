import { Clipboard, Dialog, showDialog } from '@jupyterlab/apputils';

import type { Job, Output } from '../../model/contract';
import { isFinal } from '../../model/phase';
import { IBatchClient } from '../../tokens';
import { OUTPUT_DRIVE } from '../../widgets/outputDrive';
import type { IJobContext } from './jobContext';
import { attempt } from './attempt';

/** Open what a job leaves: its notebook before other files. */
export async function openOutput(
  context: IJobContext,
  jobId: string
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const client = await app.resolveRequiredService(IBatchClient);
    const job = await client.getJob(jobId);
    const there = job.outputs.filter(({ size_bytes }) => size_bytes !== null);
    const output =
      there.find(({ path }) => path.endsWith('.ipynb')) ?? there[0];
    if (output) {
      await openFile(context, job, output);
    } else {
      throw new Error(trans.__('%1 has no output yet.', job.name));
    }
  });
}

/** Open one output: a notebook that is still being written as a copy that cannot be changed. */
export async function openFile(
  context: IJobContext,
  job: Job,
  output: Output
): Promise<void> {
  const { documents, trans } = context;
  const path = output.contents_path;
  if (path === null || !documents) {
    await showPath(context, output.path);
  } else if (isFinal(job.phase) || !path.endsWith('.ipynb')) {
    documents.openOrReveal(path);
  } else {
    const copy = `${OUTPUT_DRIVE}:${path}`;
    const known = documents.findWidget(copy, null);
    documents.openOrReveal(copy, 'default', undefined, undefined, {
      shouldStart: false,
      autoStartDefault: false
    });
    if (known) {
      await attempt(trans, async () => {
        await documents.contextForWidget(known)?.revert();
      });
    }
  }
}

/** Show the run directory of a job in the file browser. */
export async function showRunDirectory(
  context: IJobContext,
  jobId: string
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const client = await app.resolveRequiredService(IBatchClient);
    const job = await client.getJob(jobId);
    if (job.run_contents_path === null) {
      await showPath(context, job.run_directory);
    } else {
      await app.commands.execute('filebrowser:open-path', {
        path: job.run_contents_path
      });
    }
  });
}

/** Say where something lies that the file browser cannot show. */
async function showPath(context: IJobContext, path: string): Promise<void> {
  const { trans } = context;
  const { button } = await showDialog({
    title: trans.__('Outside of the folder that JupyterLab shows'),
    body: path,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Close') }),
      Dialog.okButton({ label: trans.__('Copy Path') })
    ]
  });
  if (button.accept) {
    Clipboard.copyToSystem(path);
  }
}
