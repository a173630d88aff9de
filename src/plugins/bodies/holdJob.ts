import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ActionResult } from '../../model/contract';
import { IBatchClient, IJobStore } from '../../tokens';
import { stateText } from '../../views/text/phaseText';
import { attempt } from './jobContext';
import type { IJobContext } from './jobContext';

/** Keep a job that waits from starting. Nobody is asked first: it can be released. */
export async function holdJob(
  context: IJobContext,
  jobId: string
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const client = await app.resolveRequiredService(IBatchClient);
    const result = await client.holdJob(jobId);
    const failure = trans.__('%1 was not held.', result.row.name);
    await take(context, result, failure);
  });
}

/** Let a held job start again. */
export async function releaseJob(
  context: IJobContext,
  jobId: string
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const client = await app.resolveRequiredService(IBatchClient);
    const result = await client.releaseJob(jobId);
    const failure = trans.__('%1 was not released.', result.row.name);
    await take(context, result, failure);
  });
}

async function take(
  { app, trans }: IJobContext,
  result: ActionResult,
  failure: string
): Promise<void> {
  const jobs = await app.resolveRequiredService(IJobStore);
  jobs.accept(result.row);
  tellOutcome(result, failure, trans);
}

function tellOutcome(
  { outcome, message, row }: ActionResult,
  failure: string,
  trans: TranslationBundle
): void {
  switch (outcome) {
    case 'ok':
      return;
    case 'already_final':
      Notification.info(
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
      Notification.error(`${failure} ${why}`);
    }
  }
}
