import { nullTranslator } from '@jupyterlab/translation';
import { screen } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import type { BulkAction } from '../../model/bulk';
import type { JobRow, TaskList } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { idOf } from '../../stores/__tests__/fakeClient';
import { IJobStore } from '../../tokens';
import { actOnMany } from '../bodies/actOnMany';
import { answerDialog, expectDialog, field, findDialog, type } from './dialogs';
import { startApp } from './testApp';

const trans = nullTranslator.load('');

// Each test starts an application, and loads what it asks for.
jest.setTimeout(20_000);

const [TASK] = (readExample('TaskList.failed') as TaskList).tasks;

/** What was to be different in each resubmission. */
function patches(calls: readonly string[]): unknown[] {
  return calls.flatMap(call => {
    const sent = /^resubmit \S+ (\{.*\})/.exec(call);
    return sent ? [JSON.parse(sent[1])] : [];
  });
}

async function startWith(...phases: JobRow['phase'][]) {
  const { app, client } = await startApp();
  const jobs = await app.resolveRequiredService(IJobStore);
  const rows = phases.map((phase, index) => client.put(index + 1, { phase }));
  rows.forEach(row => jobs.accept(row));
  const run = (action: BulkAction, some: readonly JobRow[] = rows) =>
    actOnMany({ app, trans }, action, some);
  return { app, client, jobs, rows, run };
}

it('many jobs are cancelled in one call, answered for each', async () => {
  const { client, jobs, run } = await startWith('EXECUTING', 'QUEUED');
  const done = run('cancel');
  await expectDialog(/Cancel 2 jobs\?job 1, job 2\./);
  client.put(2, { phase: 'COMPLETED' });
  await answerDialog('Cancel 2 Jobs');
  const result = await done;
  expect(client.calls).toEqual(['cancel 2']);
  expect(result?.items.map(({ outcome }) => outcome)).toEqual([
    'ok',
    'already_final'
  ]);
  expect(jobs.row(idOf(1))?.substate).toBe('cancelling');
  expect(jobs.row(idOf(2))?.phase).toBe('COMPLETED');
});

it.each([
  ['cancel', 'EXECUTING'],
  ['requeue', 'EXECUTING'],
  ['resubmit', 'ERROR'],
  ['forget', 'ERROR']
] as const)(
  'nothing is done when the user keeps them: %s',
  async (action, phase) => {
    const { client, run } = await startWith(phase, phase);
    const done = run(action);
    await answerDialog('Keep as They Are');
    expect(await done).toBeNull();
    expect(client.calls).toEqual([]);
  }
);

it.each([
  ['hold', 'QUEUED', 'HELD'],
  ['release', 'HELD', 'QUEUED'],
  ['suspend', 'EXECUTING', 'SUSPENDED'],
  ['resume', 'SUSPENDED', 'EXECUTING']
] as const)('nobody is asked to %s', async (action, before, after) => {
  const { jobs, run } = await startWith(before, before);
  await run(action);
  expect(screen.queryByRole('dialog', { hidden: true })).toBeNull();
  expect([1, 2].map(number => jobs.row(idOf(number))?.phase)).toEqual([
    after,
    after
  ]);
});

it('many are put into the queue again once the user knows what is lost', async () => {
  const { client, jobs, run } = await startWith('EXECUTING', 'SUSPENDED');
  const done = run('requeue');
  await expectDialog(/2 jobs again from the start.*not written to a file/);
  await answerDialog('Run 2 Jobs Again');
  await done;
  expect(client.calls).toEqual(['requeue 2']);
  expect(jobs.row(idOf(1))?.phase).toBe('QUEUED');
});

it('many get one time limit, and are told of one by one', async () => {
  const { client, jobs, run } = await startWith(
    ...Array<'EXECUTING'>(6).fill('EXECUTING')
  );
  client.takeBack(3);
  const done = run('change');
  await expectDialog(/Change 6 jobs/);
  await type('Time limit', '2h');
  await answerDialog('Change');
  const items = (await done)?.items ?? [];
  expect(items.map(({ outcome }) => outcome)).toEqual([
    'ok',
    'ok',
    'error',
    'ok',
    'ok',
    'ok'
  ]);
  expect(items[2]).toMatchObject({
    name: 'job 3',
    message: 'There is no such job.'
  });
  expect(jobs.row(idOf(6))?.walltime_seconds).toBe(7200);
});

it('the refusal of the batch system is kept for each', async () => {
  const { client, run } = await startWith('EXECUTING', 'EXECUTING');
  client.outcome = { outcome: 'denied', message: 'Only an operator may.' };
  const done = run('change');
  await type('Time limit', '9-0');
  await answerDialog('Change');
  expect((await done)?.items.map(({ message }) => message)).toEqual([
    'Only an operator may.',
    'Only an operator may.'
  ]);
});

it('one signal goes to many, and what came of it is told one by one', async () => {
  const { client, run } = await startWith('EXECUTING', 'EXECUTING');
  client.outcome = { outcome: 'denied', message: 'It is not running.' };
  const done = run('signal');
  await expectDialog(/Send a signal to 2 jobs/);
  await answerDialog('Send');
  expect((await done)?.items.map(({ outcome }) => outcome)).toEqual([
    'denied',
    'denied'
  ]);
  expect(client.calls).toEqual(['send USR1', 'send USR1']);
});

it('no time limit is changed when the user keeps it', async () => {
  const { client, run } = await startWith('EXECUTING', 'QUEUED');
  const done = run('change');
  await answerDialog('Keep as It Is');
  expect(await done).toBeNull();
  expect(client.calls).toEqual([]);
});

it('forgotten jobs are gone at once, those of another tab too', async () => {
  const { client, jobs, run } = await startWith('ERROR', 'COMPLETED');
  const done = run('forget');
  await findDialog();
  client.takeBack(1);
  await answerDialog('Forget 2 Jobs');
  expect((await done)?.items.map(({ outcome }) => outcome)).toEqual([
    'not_found',
    'ok'
  ]);
  expect([1, 2].map(number => jobs.row(idOf(number)))).toEqual([
    undefined,
    undefined
  ]);
});

it('more than the server takes at once are several calls', async () => {
  const { client, rows, run } = await startWith('QUEUED');
  const many = Array.from({ length: 1500 }, (_, index) => ({
    ...rows[0],
    id: idOf(index + 1)
  }));
  const result = await run('hold', many);
  expect(client.calls).toEqual(['hold 1000', 'hold 500']);
  expect(result?.items).toHaveLength(1500);
});

it('one job to be resubmitted has the dialog in which it can be changed', async () => {
  const { client, run } = await startWith('ERROR');
  const done = run('resubmit');
  await expectDialog(/Resubmit job 1/);
  await answerDialog('Cancel');
  expect(await done).toBeNull();
  expect(client.count(/^resubmit/)).toBe(0);
});

it('many are resubmitted with more memory, and of arrays what failed', async () => {
  const { client, run } = await startWith('ERROR', 'ERROR');
  const array = client.put(2, {
    array: { size: 9, by_phase: { COMPLETED: 6, ERROR: 3 } }
  });
  client.tasks = [4, 7].map(index => ({ ...TASK, index }));
  const done = run('resubmit', [client.put(1), array]);
  await type('Memory', '4 GX');
  await answerDialog('Resubmit 2 Jobs');
  await expectDialog(/such as 8 GB/);
  await type('Memory', '4 GB');
  await answerDialog('Resubmit 2 Jobs');
  expect((await done)?.items).toHaveLength(2);
  const resources = { memory_bytes: 2 ** 32 };
  expect(patches(client.calls)).toEqual([
    { resources },
    { resources, task_indices: [4, 7] }
  ]);
});

it('each gets more of what it ran out of, and goes out although there are warnings', async () => {
  const { client, run } = await startWith('ERROR', 'ERROR');
  const done = run('resubmit', [
    client.put(1, { reason: 'walltime', walltime_seconds: 3_600 }),
    client.put(2, { reason: 'exit_nonzero' })
  ]);
  const more = 'Half as much again for the job that ran out of memory or time';
  await userEvent.click(await field(more));
  await userEvent.click(await field('Also where there are warnings'));
  await answerDialog('Resubmit 2 Jobs');
  await done;
  expect(patches(client.calls)).toEqual([
    { resources: { walltime_seconds: 5_400 } },
    {}
  ]);
  expect(client.count(/^resubmit .* anyway$/)).toBe(2);
});

it('many are resubmitted as they were, each under a key of its own', async () => {
  const { client, jobs, run } = await startWith('ERROR', 'COMPLETED');
  const done = run('resubmit');
  await answerDialog('Resubmit 2 Jobs');
  expect((await done)?.items.map(({ outcome }) => outcome)).toEqual([
    'ok',
    'ok'
  ]);
  const keys = client.calls.map(call => call.split(' ')[1]);
  expect(new Set(keys).size).toBe(2);
  expect([3, 4].map(number => jobs.row(idOf(number))?.phase)).toEqual([
    'QUEUED',
    'QUEUED'
  ]);
});

it('answers that were lost are asked for again, and nothing runs twice', async () => {
  const { client, run } = await startWith('ERROR', 'ERROR');
  client.isAnswerLost = true;
  const done = run('resubmit');
  await answerDialog('Resubmit 2 Jobs');
  await expectDialog(/whether 2 jobs were resubmitted/);
  client.isAnswerLost = false;
  await answerDialog('Try Again');
  expect((await done)?.items.map(({ outcome }) => outcome)).toEqual([
    'ok',
    'ok'
  ]);
  expect((await client.listJobs()).total).toBe(4);
});

it('answers that stay lost are told', async () => {
  const { client, run } = await startWith('ERROR', 'ERROR');
  client.isAnswerLost = true;
  const done = run('resubmit');
  await answerDialog('Resubmit 2 Jobs');
  await expectDialog(/did not answer/);
  await answerDialog('Leave It');
  expect((await done)?.items.map(({ outcome }) => outcome)).toEqual([
    'error',
    'error'
  ]);
});
