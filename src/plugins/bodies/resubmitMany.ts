import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { BatchError } from '../../api/errors';
import type { BulkItem } from '../../model/bulk';
import type { JobRow, ResubmitPatch } from '../../model/contract';
import { newDraftKey } from '../../model/draft';
import { patchOfOne, toManyPatch } from '../../model/resubmission';
import type { ManyChoice } from '../../model/resubmission';
import { hasSomeFailed } from '../../model/tasks';
import type { IBatchClient, IJobStore } from '../../tokens';
import { resubmitQuestion } from '../../views/text/bulkText';
import { errorText } from '../../views/text/errorText';
import { countText } from '../../views/text/timeText';
import { failedIndices } from '../../widgets/failedIndices';
import { ResubmitManyDialog } from '../../widgets/resubmitManyDialog';

/** So many are on their way at the same time. */
const AT_ONCE = 4;

interface IParts {
  client: IBatchClient;
  jobs: IJobStore;
  trans: TranslationBundle;
}

interface IChosenParts extends IParts {
  choice: ManyChoice;
}

/** One job and the key under which it is sent, however often. */
type Turn = Readonly<{ row: JobRow; key: string }>;

/**
 * Run each of these jobs once more, with what a dialog says is to be different.
 *
 * Where an answer was lost the user is asked to try again: under the same key, so that what did
 * arrive is not run twice.
 *
 * @returns what came of each; null if the user thought better of it.
 */
export async function resubmitMany(
  parts: IParts,
  rows: readonly JobRow[]
): Promise<BulkItem[] | null> {
  const choice = await askForChoice(rows, parts.trans);
  return choice && sendUntilKnown({ ...parts, choice }, rows);
}

async function askForChoice(
  rows: readonly JobRow[],
  trans: TranslationBundle
): Promise<ManyChoice | null> {
  const question = resubmitQuestion(rows, trans);
  const dialog = new ResubmitManyDialog({ rows, question, trans });
  const { button, value } = await dialog.launch();
  return button.accept ? value : null;
}

async function sendUntilKnown(
  parts: IChosenParts,
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
  parts: IChosenParts,
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
  { client, jobs, choice }: IChosenParts,
  { row, key }: Turn
): Promise<Error | null> {
  try {
    const patch = await patchOf(client, row, choice);
    const { anyway } = choice;
    jobs.accept(await client.resubmitJob(row.id, patch, key, { anyway }));
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** What is to be different in one job; the same at every try. */
async function patchOf(
  client: IBatchClient,
  row: JobRow,
  choice: ManyChoice
): Promise<ResubmitPatch> {
  const patch = patchOfOne(row, toManyPatch(choice.texts).patch ?? {}, choice);
  return choice.onlyFailed && hasSomeFailed(row)
    ? { ...patch, task_indices: await failedIndices(client, row.id) }
    : patch;
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
    id,
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
