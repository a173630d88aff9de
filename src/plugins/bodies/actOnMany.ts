import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { BatchError } from '../../api/errors';
import { inCalls } from '../../model/bulk';
import type { BulkAction, BulkItem, BulkResult } from '../../model/bulk';
import type {
  ActionInput,
  JobActionResult,
  JobRow
} from '../../model/contract';
import { IBatchClient, IJobStore } from '../../tokens';
import { bulkQuestion } from '../../views/text/bulkText';
import { CommandIDs } from '../../widgets/jobCommands';
import { changeJobs } from './changeJob';
import type { IEachContext } from './eachOf';
import { resubmitMany } from './resubmitMany';
import { signalJobs } from './signalJob';

/** What can be asked of a job again when the answer was lost: done twice it does no more than once. */
const REPEATABLE: readonly BulkAction[] = [
  'cancel',
  'hold',
  'release',
  'suspend',
  'resume',
  'forget'
];
/** A proxy that ends every long call answers in between. */
const MOST_TRIES = 4;

/** What an action on many jobs works with. */
export interface IManyContext {
  app: JupyterFrontEnd;
  trans: TranslationBundle;
}

/**
 * Do something to many jobs once the user has confirmed it.
 *
 * @returns what came of each; null if nothing was to be done here.
 * @throws BatchError if the server did not take it.
 */
export async function actOnMany(
  context: IManyContext,
  action: BulkAction,
  rows: readonly JobRow[]
): Promise<BulkResult | null> {
  const { app, trans } = context;
  if (action === 'resubmit' && rows.length === 1) {
    // One job has a dialog of its own, in which it can be changed.
    await app.commands.execute(CommandIDs.resubmitJob, { job_id: rows[0].id });
    return null;
  }
  const question = bulkQuestion(action, rows, trans);
  if (question && !(await isConfirmed(question, trans))) {
    return null;
  }
  const client = await app.resolveRequiredService(IBatchClient);
  const jobs = await app.resolveRequiredService(IJobStore);
  const items = await act({ client, jobs, trans }, action, rows);
  return items && { action, items };
}

/** Ask a question about many. */
export async function isConfirmed(
  question: { title: string; body: string; act: string },
  trans: TranslationBundle
): Promise<boolean> {
  const label = question.act;
  const { button } = await showDialog({
    title: question.title,
    body: question.body,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep as They Are') }),
      Dialog.warnButton({ label })
    ]
  });
  return button.accept;
}

/** @returns what came of each; null if the user thought better of it. */
function act(
  parts: IEachContext,
  action: BulkAction,
  rows: readonly JobRow[]
): Promise<BulkItem[] | null> {
  switch (action) {
    case 'resubmit':
      return resubmitMany(parts, rows);
    case 'change':
      return changeJobs(parts, rows);
    case 'signal':
      return signalJobs(parts, rows);
    default:
      return order(parts, action, rows);
  }
}

/** Have the server do it, and take what it says of each job. */
async function order(
  context: IEachContext,
  action: Exclude<BulkAction, 'resubmit' | 'change' | 'signal'>,
  rows: readonly JobRow[]
): Promise<BulkItem[]> {
  const { jobs } = context;
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  const items: BulkItem[] = [];
  for (const ids of inCalls([...names.keys()])) {
    const results = await answered(context, { action, job_ids: ids });
    const gone = results.filter(({ row }) => row === null);
    results.forEach(({ row }) => row && jobs.accept(row));
    jobs.drop(
      gone
        .filter(({ outcome }) => outcome === 'ok' || outcome === 'not_found')
        .map(({ job_id }) => job_id)
    );
    items.push(
      ...results.map(({ job_id, outcome, message }) => ({
        id: job_id,
        name: names.get(job_id) ?? job_id,
        outcome,
        message
      }))
    );
  }
  return items;
}

/** Call the server; if it goes away meanwhile, once more when it is back, where that does no harm. */
async function answered(
  { client, jobs }: IEachContext,
  input: ActionInput
): Promise<JobActionResult[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await client.actOnJobs(input);
    } catch (error) {
      const isAway = error instanceof BatchError && error.isOffline;
      if (
        !isAway ||
        !REPEATABLE.includes(input.action) ||
        tries === MOST_TRIES
      ) {
        throw error;
      }
      await untilItAnswers(jobs);
    }
  }
}

/** Resolves when the server answers; the list on the screen asks until it does. */
async function untilItAnswers(jobs: IJobStore): Promise<void> {
  await jobs.refresh();
  while (jobs.snapshot.staleSince !== null) {
    await new Promise<void>(resolve => {
      const look = (): void => {
        jobs.changed.disconnect(look);
        resolve();
      };
      jobs.changed.connect(look);
    });
  }
}
