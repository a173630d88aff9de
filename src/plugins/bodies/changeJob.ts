import type { TranslationBundle } from '@jupyterlab/translation';

import type { BulkItem } from '../../model/bulk';
import type { JobPatch, JobRow } from '../../model/contract';
import { ordersFor, ordersOf } from '../../model/orders';
import { isFinal } from '../../model/phase';
import { CHANGEABLE_FIELDS } from '../../model/terms';
import { IBatchClient, IJobStore } from '../../tokens';
import { notDoneText } from '../../views/text/actionText';
import { stateText } from '../../views/text/phaseText';
import { changedTermsText } from '../../views/text/termsText';
import { TermsDialog } from '../../widgets/termsDialog';
import { attempt } from './attempt';
import { eachOf } from './eachOf';
import type { IEachContext } from './eachOf';
import type { IJobContext } from './jobContext';
import { tellOutcome } from './orderJob';
import { tell } from './tell';

/** Give a job another time limit, nice value or comment, which a dialog asks for. */
export async function changeJob(
  { app, trans }: IJobContext,
  jobId: string
): Promise<void> {
  await attempt(trans, async () => {
    const jobs = await app.resolveRequiredService(IJobStore);
    const client = await app.resolveRequiredService(IBatchClient);
    const row = jobs.row(jobId) ?? (await jobs.fetchRow(jobId));
    if (isFinal(row.phase)) {
      const state = stateText(row, trans);
      tell('info', trans.__('%1: %2. Nothing was changed.', row.name, state));
      return;
    }
    const patch = await askForTerms(jobs, [row], trans);
    if (patch === null) {
      return;
    }
    const result = await client.patchJob(jobId, patch);
    jobs.accept(result.row);
    tellOutcome(result, notDoneText('change', result.row, trans), trans);
    if (result.outcome === 'ok') {
      tell('success', changedTermsText(result.row, patch, trans));
    }
  });
}

/**
 * Give many jobs other terms, which a dialog asks for once.
 *
 * @returns what came of each; null if the user thought better of it.
 */
export async function changeJobs(
  context: IEachContext,
  rows: readonly JobRow[]
): Promise<BulkItem[] | null> {
  const { client, jobs, trans } = context;
  const patch = await askForTerms(jobs, rows, trans);
  return patch && eachOf(context, rows, ({ id }) => client.patchJob(id, patch));
}

/** Ask for what the gateway of at least one of the jobs can change; each says what it cannot. */
async function askForTerms(
  jobs: IJobStore,
  rows: readonly JobRow[],
  trans: TranslationBundle
): Promise<JobPatch | null> {
  const gateways = ordersOf(jobs.snapshot.gateways);
  const known = rows.flatMap(row => ordersFor(row, gateways).changes);
  const fields = CHANGEABLE_FIELDS.filter(
    field => known.length === 0 || known.includes(field)
  );
  const dialog = new TermsDialog({ rows, fields, trans });
  const { button, value } = await dialog.launch();
  return button.accept ? value : null;
}
