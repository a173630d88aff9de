import type { TranslationBundle } from '@jupyterlab/translation';

import type { BulkItem } from '../../model/bulk';
import type { ActionResult, JobRow } from '../../model/contract';
import type { IBatchClient, IJobStore } from '../../tokens';
import { errorText } from '../../views/text/errorText';

/** So many jobs are spoken of at a time. */
const AT_A_TIME = 4;

/** What is needed to do something to each of many jobs. */
export interface IEachContext {
  client: IBatchClient;
  jobs: IJobStore;
  trans: TranslationBundle;
}

/** Do something to each of many jobs by a call of its own; what fails at one stops no other. */
export async function eachOf(
  { jobs, trans }: IEachContext,
  rows: readonly JobRow[],
  act: (row: JobRow) => Promise<ActionResult>
): Promise<BulkItem[]> {
  const one = async (before: JobRow): Promise<BulkItem> => {
    const item = { id: before.id, name: before.name };
    try {
      const { outcome, message, row } = await act(before);
      jobs.accept(row);
      return { ...item, outcome, message };
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      return { ...item, outcome: 'error', message: errorText(reason, trans) };
    }
  };
  const items: BulkItem[] = [];
  for (let first = 0; first < rows.length; first += AT_A_TIME) {
    const some = rows.slice(first, first + AT_A_TIME);
    items.push(...(await Promise.all(some.map(one))));
  }
  return items;
}
