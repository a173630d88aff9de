import type { TranslationBundle } from '@jupyterlab/translation';

import type { ActionResult, JobRow } from '../../model/contract';
import { canGiveUp } from '../../model/phase';
import { IBatchClient, IJobStore } from '../../tokens';
import { stateText } from '../../views/text/phaseText';
import { confirm } from './confirm';
import type { IJobContext } from './jobContext';
import { attempt } from './attempt';
import { tell } from './tell';

/** Give up a job that nobody can find, once the user has read what comes of it. */
export async function declareLost(
  context: IJobContext,
  jobId: string
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const jobs = await app.resolveRequiredService(IJobStore);
    const client = await app.resolveRequiredService(IBatchClient);
    const row = jobs.row(jobId) ?? (await jobs.fetchRow(jobId));
    if (!canGiveUp(row)) {
      tellItIsKnown(row, trans);
      return;
    }
    if (await confirm('give_up', { jobs, row, fits: canGiveUp, trans })) {
      const result = await client.declareLost(jobId);
      jobs.accept(result.row);
      tellOutcome(result, trans);
    }
  });
}

function tellItIsKnown(row: JobRow, trans: TranslationBundle): void {
  tell(
    'info',
    trans.__('%1: %2. Nothing was changed.', row.name, stateText(row, trans))
  );
}

function tellOutcome(result: ActionResult, trans: TranslationBundle): void {
  const { outcome, message, row } = result;
  switch (outcome) {
    case 'ok':
      tell(
        'success',
        row.native_id === null
          ? trans.__(
              '%1 is given up. Should it turn up after all, it ends without running. It can be submitted again.',
              row.name
            )
          : trans.__('%1 is over, as you said.', row.name)
      );
      return;
    case 'already_final':
      tellItIsKnown(row, trans);
      return;
    case 'denied':
    case 'error':
      tell(
        'warning',
        trans.__(
          '%1 was not given up. %2',
          row.name,
          message ?? trans.__('Nothing was changed.')
        )
      );
  }
}
