import type { TranslationBundle } from '@jupyterlab/translation';

import type { BulkItem } from '../../model/bulk';
import type { JobRow } from '../../model/contract';
import { isFinal } from '../../model/phase';
import { formatDuration } from '../../model/quantity';
import { IBatchClient, IJobStore } from '../../tokens';
import { notDoneText } from '../../views/text/actionText';
import { errorText } from '../../views/text/errorText';
import { stateText } from '../../views/text/phaseText';
import { WalltimeDialog } from '../../widgets/walltimeDialog';
import type { IJobContext } from './jobContext';
import { tellOutcome } from './orderJob';
import { attempt } from './attempt';
import { tell } from './tell';

/** So many jobs are changed at a time. */
const AT_A_TIME = 4;

/** Give a job another time limit, which a dialog asks for. */
export async function changeWalltime(
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
    const seconds = await askForWalltime([row], trans);
    if (seconds === null) {
      return;
    }
    const result = await client.patchJob(jobId, { walltime_seconds: seconds });
    jobs.accept(result.row);
    tellOutcome(result, notDoneText('walltime', result.row, trans), trans);
    if (result.outcome === 'ok') {
      tell(
        'success',
        trans.__(
          '%1 may now run for %2.',
          result.row.name,
          formatDuration(result.row.walltime_seconds, 3)
        )
      );
    }
  });
}

/**
 * Give many jobs another time limit, which a dialog asks for once.
 *
 * @returns what came of each; null if the user thought better of it.
 */
export async function changeWalltimes(
  context: { client: IBatchClient; jobs: IJobStore; trans: TranslationBundle },
  rows: readonly JobRow[]
): Promise<BulkItem[] | null> {
  const seconds = await askForWalltime(rows, context.trans);
  if (seconds === null) {
    return null;
  }
  const items: BulkItem[] = [];
  for (let first = 0; first < rows.length; first += AT_A_TIME) {
    const some = rows.slice(first, first + AT_A_TIME);
    items.push(
      ...(await Promise.all(some.map(row => changeOne(context, row, seconds))))
    );
  }
  return items;
}

/** What fails at one job stops no other. */
async function changeOne(
  {
    client,
    jobs,
    trans
  }: { client: IBatchClient; jobs: IJobStore; trans: TranslationBundle },
  { id, name }: JobRow,
  seconds: number
): Promise<BulkItem> {
  const item = { job_id: id, name };
  try {
    const { outcome, message, row } = await client.patchJob(id, {
      walltime_seconds: seconds
    });
    jobs.accept(row);
    return { ...item, outcome, message };
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    return { ...item, outcome: 'error', message: errorText(reason, trans) };
  }
}

async function askForWalltime(
  rows: readonly JobRow[],
  trans: TranslationBundle
): Promise<number | null> {
  const { button, value } = await new WalltimeDialog({ rows, trans }).launch();
  return button.accept ? value : null;
}
