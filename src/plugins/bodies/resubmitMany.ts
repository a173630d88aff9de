import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { BatchError } from '../../api/errors';
import type { BulkItem } from '../../model/bulk';
import type { JobRow } from '../../model/contract';
import { newDraftKey } from '../../model/draft';
import type { IBatchClient, IJobStore } from '../../tokens';
import { errorText } from '../../views/text/errorText';
import { countText } from '../../views/text/timeText';

/** So many are on their way at the same time. */
const AT_ONCE = 4;

interface IParts {
  client: IBatchClient;
  jobs: IJobStore;
  trans: TranslationBundle;
}

/** One job and the key under which it is sent, however often. */
type Turn = Readonly<{ row: JobRow; key: string }>;

/**
 * Run each of these jobs once more as it was.
 *
 * Where an answer was lost the user is asked to try again: under the same key, so that what did
 * arrive is not run twice.
 */
export async function resubmitMany(
  parts: IParts,
  rows: readonly JobRow[]
): Promise<BulkItem[]> {
  const items = new Map<string, BulkItem>();
  let turns: Turn[] = rows.map(row => ({ row, key: newDraftKey() }));
  while (turns.length > 0) {
    const lost = await sendAll(parts, turns, items);
    turns = lost.length > 0 && (await isToTryAgain(parts, lost)) ? lost : [];
  }
  return rows.flatMap(({ id }) => items.get(id) ?? []);
}

/** @returns those whose answer was lost. */
async function sendAll(
  parts: IParts,
  turns: readonly Turn[],
  items: Map<string, BulkItem>
): Promise<Turn[]> {
  const lost: Turn[] = [];
  const waiting = [...turns];
  const work = async (): Promise<void> => {
    for (let turn = waiting.shift(); turn; turn = waiting.shift()) {
      const error = await send(parts, turn);
      items.set(turn.row.id, itemOf(turn.row, error, parts.trans));
      if (error instanceof BatchError && error.isOffline) {
        lost.push(turn);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return lost;
}

/** @returns why there is no new job; null if there is one. */
async function send(
  { client, jobs }: IParts,
  { row, key }: Turn
): Promise<Error | null> {
  try {
    jobs.accept(await client.resubmitJob(row.id, {}, key));
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function itemOf(
  { id, name }: JobRow,
  error: Error | null,
  trans: TranslationBundle
): BulkItem {
  const outcome =
    error === null
      ? 'ok'
      : error instanceof BatchError && error.status === 404
        ? 'not_found'
        : 'error';
  return {
    job_id: id,
    name,
    outcome,
    message: error && errorText(error, trans)
  };
}

async function isToTryAgain(
  { trans }: IParts,
  lost: readonly Turn[]
): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('The Jupyter server did not answer'),
    body: trans._n(
      'Nobody can tell whether %2 job was resubmitted. Trying again runs nothing twice.',
      'Nobody can tell whether %2 jobs were resubmitted. Trying again runs nothing twice.',
      lost.length,
      countText(lost.length)
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Leave It') }),
      Dialog.okButton({ label: trans.__('Try Again') })
    ]
  });
  return button.accept;
}
