import { InputDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { BulkItem } from '../../model/bulk';
import type { JobRow, SignalName } from '../../model/contract';
import { canAct, ordersFor, ordersOf } from '../../model/orders';
import { SIGNAL_NAMES } from '../../model/terms';
import { IBatchClient, IJobStore } from '../../tokens';
import { notDoneText } from '../../views/text/actionText';
import { stateText } from '../../views/text/phaseText';
import { signalQuestion, signalText } from '../../views/text/termsText';
import { attempt } from './attempt';
import { eachOf } from './eachOf';
import type { IEachContext } from './eachOf';
import type { IJobContext } from './jobContext';
import { tellOutcome } from './orderJob';
import { tell } from './tell';

/** Send a signal, which a dialog asks for, to all that a job runs. */
export async function signalJob(
  { app, trans }: IJobContext,
  jobId: string
): Promise<void> {
  await attempt(trans, async () => {
    const jobs = await app.resolveRequiredService(IJobStore);
    const client = await app.resolveRequiredService(IBatchClient);
    const row = jobs.row(jobId) ?? (await jobs.fetchRow(jobId));
    if (
      !canAct('signal', row, ordersFor(row, ordersOf(jobs.snapshot.gateways)))
    ) {
      const state = stateText(row, trans);
      tell('info', trans.__('%1: %2. Nothing was sent.', row.name, state));
      return;
    }
    const signal = await askForSignal([row], trans);
    if (signal === null) {
      return;
    }
    const result = await client.cancelJob(jobId, signal);
    jobs.accept(result.row);
    tellOutcome(result, notDoneText('signal', result.row, trans), trans);
    if (result.outcome === 'ok') {
      tell('success', trans.__('%1 was sent to %2.', signal, row.name));
    }
  });
}

/**
 * Send a signal, which a dialog asks for once, to many jobs.
 *
 * @returns what came of each; null if the user thought better of it.
 */
export async function signalJobs(
  context: IEachContext,
  rows: readonly JobRow[]
): Promise<BulkItem[] | null> {
  const { client, trans } = context;
  const signal = await askForSignal(rows, trans);
  return (
    signal && eachOf(context, rows, ({ id }) => client.cancelJob(id, signal))
  );
}

async function askForSignal(
  rows: readonly JobRow[],
  trans: TranslationBundle
): Promise<SignalName | null> {
  const items = SIGNAL_NAMES.map(name => signalText(name, trans));
  const { button, value } = await InputDialog.getItem({
    ...signalQuestion(rows, trans),
    items,
    okLabel: trans.__('Send'),
    cancelLabel: trans.__('Send None')
  });
  return button.accept
    ? (SIGNAL_NAMES[items.indexOf(value ?? '')] ?? null)
    : null;
}
