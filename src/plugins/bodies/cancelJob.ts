import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ActionResult, JobRow } from '../../model/contract';
import { canCancel, isFinal } from '../../model/phase';
import { IBatchClient, IJobStore } from '../../tokens';
import { stateText } from '../../views/text/phaseText';
import { attempt } from './jobContext';
import type { IJobContext } from './jobContext';

/** Cancel a job once the user has confirmed it, unless it ended meanwhile. */
export async function cancelJob(
  context: IJobContext,
  jobId: string
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const jobs = await app.resolveRequiredService(IJobStore);
    const client = await app.resolveRequiredService(IBatchClient);
    const before = jobs.row(jobId) ?? (await jobs.fetchRow(jobId));
    if (!canCancel(before)) {
      tellItIsOver(before, trans);
      return;
    }
    if (!(await confirmCancel(before, trans))) {
      return;
    }
    const now = jobs.row(jobId) ?? before;
    if (!canCancel(now)) {
      tellItIsOver(now, trans);
      return;
    }
    const result = await client.cancelJob(jobId);
    jobs.accept(result.row);
    tellOutcome(result, trans);
  });
}

async function confirmCancel(
  row: JobRow,
  trans: TranslationBundle
): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Cancel job %1?', row.name),
    body: isFinal(row.phase)
      ? ''
      : trans.__(
          'It is %1. What it has written so far stays in its run directory.',
          stateText(row, trans).toLocaleLowerCase()
        ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep Job') }),
      Dialog.warnButton({ label: trans.__('Cancel Job') })
    ]
  });
  return button.accept;
}

function tellItIsOver(row: JobRow, trans: TranslationBundle): void {
  Notification.info(
    trans.__('%1: %2. Nothing was cancelled.', row.name, stateText(row, trans))
  );
}

function tellOutcome(result: ActionResult, trans: TranslationBundle): void {
  const { outcome, message, row } = result;
  switch (outcome) {
    case 'ok':
      return;
    case 'already_final':
      tellItIsOver(row, trans);
      return;
    case 'denied':
    case 'error':
      Notification.error(
        trans.__(
          '%1 was not cancelled. %2',
          row.name,
          message ?? trans.__('The batch system gave no reason.')
        )
      );
  }
}
