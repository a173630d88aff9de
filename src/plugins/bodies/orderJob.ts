import type { TranslationBundle } from '@jupyterlab/translation';

import type { ActionResult, JobRow } from '../../model/contract';
import { canAct, ordersFor, ordersOf } from '../../model/orders';
import type { JobOrder } from '../../model/orders';
import { IBatchClient, IJobStore } from '../../tokens';
import { notDoneText } from '../../views/text/actionText';
import { stateText } from '../../views/text/phaseText';
import { confirm } from './confirm';
import type { IJobContext } from './jobContext';
import { attempt } from './attempt';
import { tell } from './tell';

/** Give an order to a job. Nobody is asked first, except where work is lost by it. */
export async function orderJob(
  context: IJobContext,
  jobId: string,
  order: JobOrder
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const client = await app.resolveRequiredService(IBatchClient);
    const jobs = await app.resolveRequiredService(IJobStore);
    if (order === 'requeue' && !(await isConfirmed(jobs, jobId, trans))) {
      return;
    }
    const result = await client.orderJob(jobId, order);
    jobs.accept(result.row);
    tellOutcome(result, notDoneText(order, result.row, trans), trans);
  });
}

/** Ask whether a job that runs is to begin again. */
async function isConfirmed(
  jobs: IJobStore,
  jobId: string,
  trans: TranslationBundle
): Promise<boolean> {
  const row = jobs.row(jobId) ?? (await jobs.fetchRow(jobId));
  const fits = (now: JobRow): boolean =>
    canAct('requeue', now, ordersFor(now, ordersOf(jobs.snapshot.gateways)));
  if (!fits(row)) {
    tell(
      'info',
      trans.__(
        '%1: %2. It cannot be put into the queue again. Nothing was changed.',
        row.name,
        stateText(row, trans)
      )
    );
    return false;
  }
  return confirm('requeue', { jobs, row, fits, trans });
}

/**
 * Tell what came of an order, unless it was simply done.
 *
 * @param failure - The sentence before the batch system's own words.
 */
export function tellOutcome(
  { outcome, message, row }: ActionResult,
  failure: string,
  trans: TranslationBundle
): void {
  switch (outcome) {
    case 'ok':
      return;
    case 'already_final':
      tell(
        'info',
        trans.__(
          '%1: %2. Nothing was changed.',
          row.name,
          stateText(row, trans)
        )
      );
      return;
    case 'denied':
    case 'error': {
      const why = message ?? trans.__('The batch system gave no reason.');
      tell('error', `${failure} ${why}`);
    }
  }
}
