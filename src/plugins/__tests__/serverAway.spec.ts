import { nullTranslator } from '@jupyterlab/translation';
import { waitFor } from '@testing-library/dom';

import { BatchError } from '../../api/errors';
import type { BulkAction } from '../../model/bulk';
import type { JobRow } from '../../model/contract';
import { IJobStore } from '../../tokens';
import { actOnMany } from '../bodies/actOnMany';
import { answerDialog } from './dialogs';
import { startApp } from './testApp';

const trans = nullTranslator.load('');

// Each test starts an application, and loads what it asks for.
jest.setTimeout(20_000);

async function startWith(phase: JobRow['phase']) {
  const { app, client } = await startApp();
  const jobs = await app.resolveRequiredService(IJobStore);
  const rows = [client.put(1, { phase }), client.put(2, { phase })];
  const run = (action: BulkAction) => actOnMany({ app, trans }, action, rows);
  return { client, jobs, run };
}

it('what the server went away under is done once it is back', async () => {
  const { client, jobs, run } = await startWith('QUEUED');
  client.isOffline = true;
  const done = run('hold');
  await waitFor(() => expect(jobs.snapshot.staleSince).not.toBeNull());
  expect(client.count(/^hold/)).toBe(1);
  client.isOffline = false;
  await jobs.refresh();
  expect((await done)?.items.map(({ outcome }) => outcome)).toEqual([
    'ok',
    'ok'
  ]);
  expect(client.count(/^hold/)).toBe(2);
});

it('what never gets through, though the server is there, is given up', async () => {
  const { client, run } = await startWith('QUEUED');
  const lost = new BatchError('Too late', { status: 504, isOffline: true });
  const sent = jest.spyOn(client, 'actOnJobs').mockRejectedValue(lost);
  await expect(run('hold')).rejects.toThrow('Too late');
  expect(sent).toHaveBeenCalledTimes(4);
});

it('what would be done twice is not asked for again', async () => {
  const { client, run } = await startWith('EXECUTING');
  client.isOffline = true;
  const failed = expect(run('requeue')).rejects.toThrow('Nobody answers');
  await answerDialog('Run 2 Jobs Again');
  await failed;
  expect(client.count(/^requeue/)).toBe(1);
});
