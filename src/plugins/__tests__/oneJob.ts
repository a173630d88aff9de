import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { JobRow } from '../../model/contract';
import { idOf } from '../../stores/__tests__/fakeClient';
import { IJobStore } from '../../tokens';
import { startApp } from './testApp';

/** An application with one job, whose row is known. */
export async function startWith(row: Partial<JobRow>) {
  const parts = await startApp();
  parts.client.put(1, row);
  const jobs = await parts.app.resolveRequiredService(IJobStore);
  jobs.attach();
  await jobs.fetchRow(idOf(1));
  parts.client.calls.length = 0;
  const run = (command: string, args: ReadonlyPartialJSONObject = {}) =>
    parts.app.commands.execute(command, { job_id: idOf(1), ...args });
  return { ...parts, jobs, run };
}
