import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { find } from '@lumino/algorithm';
import { Widget } from '@lumino/widgets';

import type { RunDirectory } from '../../model/contract';
import { IBatchClient } from '../../tokens';
import { removalQuestion } from '../../views/text/directoryText';
import { CommandIDs } from '../../widgets/jobCommands';
import { RunDirectoriesWidget } from '../../widgets/runDirectoriesWidget';
import { addToShell } from './addToShell';

/** Open the page of run directories, or show it if it is open. */
export async function manageRunDirectories(
  app: JupyterFrontEnd,
  trans: TranslationBundle
): Promise<void> {
  const { ID } = RunDirectoriesWidget;
  if (find(app.shell.widgets('main'), ({ id }) => id === ID)) {
    app.shell.activateById(ID);
    return;
  }
  const client = await app.resolveRequiredService(IBatchClient);
  const widget = new RunDirectoriesWidget({
    server: client.runDirectories,
    confirm: rows => isConfirmed(rows, trans),
    openJob: id =>
      void app.commands.execute(CommandIDs.openJob, { job_id: id }),
    trans
  });
  addToShell(app.shell, widget);
}

/** Name what goes, and ask. */
async function isConfirmed(
  rows: readonly RunDirectory[],
  trans: TranslationBundle
): Promise<boolean> {
  const { title, lines, act } = removalQuestion(rows, trans);
  const body = new Widget();
  for (const line of lines) {
    const paragraph = document.createElement('p');
    paragraph.textContent = line;
    body.node.append(paragraph);
  }
  const { button } = await showDialog({
    title,
    body,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep as They Are') }),
      Dialog.warnButton({ label: act })
    ],
    defaultButton: 0
  });
  return button.accept;
}
