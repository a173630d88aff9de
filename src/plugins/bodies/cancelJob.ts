import type { TranslationBundle } from '@jupyterlab/translation';

import type { ActionResult, JobRow } from '../../model/contract';
import { canCancel, isFinal } from '../../model/phase';
import { IBatchClient, IJobStore } from '../../tokens';
import { stateText } from '../../views/text/phaseText';
import { confirm } from './confirm';
import type { IJobContext } from './jobContext';
import { attempt } from './attempt';
import { tell } from './tell';

/** Cancel a job once the user has confirmed it, unless it ended meanwhile. */
export async function cancelJob(
  context: IJobContext,
  jobId: string
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const jobs = await app.resolveRequiredService(IJobStore);
    const client = await app.resolveRequiredService(IBatchClient);
    const row = jobs.row(jobId) ?? (await jobs.fetchRow(jobId));
    if (!canCancel(row)) {
      tellItIsOver(row, trans);
      return;
    }
    if (await confirm('cancel', { jobs, row, fits: canCancel, trans })) {
      const result = await client.cancelJob(jobId);
      jobs.accept(result.row);
      tellOutcome(result, trans);
    }
  });
}

function tellItIsOver(row: JobRow, trans: TranslationBundle): void {
  tell(
    'info',
    isFinal(row.phase)
      ? trans.__(
          '%1: %2. Nothing was cancelled.',
          row.name,
          stateText(row, trans)
        )
      : trans.__('%1 is being cancelled already.', row.name)
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
      tell(
        'error',
        trans.__(
          '%1 was not cancelled. %2',
          row.name,
          message ?? trans.__('The batch system gave no reason.')
        )
      );
  }
}
