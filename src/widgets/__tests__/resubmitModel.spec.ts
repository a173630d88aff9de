import { BatchError } from '../../api/errors';
import type { Issue, TaskList } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { FakeClient, idOf } from '../../stores/__tests__/fakeClient';
import { refusal } from '../../stores/__tests__/refusals';
import { JobStore } from '../../stores/jobs';
import { submitOf } from '../../views/job/ResubmitForm';
import { trans } from '../../views/__tests__/fixtures';
import { ResubmitModel } from '../resubmitModel';

async function setUp() {
  const client = new FakeClient();
  client.put(1, { phase: 'ERROR', name: 'fit' });
  const jobs = new JobStore({ client });
  const row = await jobs.fetchRow(idOf(1));
  const model = new ResubmitModel({ client, jobs, row });
  client.calls.length = 0;
  return { client, jobs, model };
}

const OVER_MACHINE: Issue = {
  field: 'spec.resources.memory_bytes',
  severity: 'warning',
  code: 'over_machine',
  message: '',
  limit: 2 ** 30
};

/** The keys of all tries. */
function keysOf(client: FakeClient): string[] {
  return client.calls
    .filter(call => call.startsWith('resubmit'))
    .map(call => call.split(' ')[1]);
}

it('sends what is different, and knows the new job at once', async () => {
  const { client, jobs, model } = await setUp();
  model.update({ memory: '4GB' });
  const job = await model.submit(false);
  expect(job?.id).toBe(idOf(2));
  expect(jobs.row(idOf(2))?.name).toBe('fit');
  expect(client.count(/^resubmit \w+ {"resources":{"memory_bytes":/)).toBe(1);
});

it('two presses are one call', async () => {
  const { client, model } = await setUp();
  const [one, other] = await Promise.all([
    model.submit(false),
    model.submit(false)
  ]);
  expect(one?.id).toBe(other?.id);
  expect(keysOf(client)).toHaveLength(1);
});

it('a lost answer is tried again under the same key: one job', async () => {
  const { client, model } = await setUp();
  client.isAnswerLost = true;
  expect(await model.submit(false)).toBeNull();
  expect(model.snapshot.error).toBeInstanceOf(BatchError);
  client.isAnswerLost = false;
  const job = await model.submit(false);
  expect(job?.id).toBe(idOf(2));
  expect(keysOf(client)).toEqual([model.key, model.key]);
  expect((await client.listJobs()).total).toBe(2);
});

describe('an array of which some tasks failed', () => {
  const array = { size: 1000, by_phase: { COMPLETED: 400, ERROR: 600 } };

  async function setUpArray() {
    const client = new FakeClient();
    const [task] = (readExample('TaskList.failed') as TaskList).tasks;
    client.tasks = Array.from({ length: 600 }, (_, index) => ({
      ...task,
      index
    }));
    client.put(1, { phase: 'ERROR', name: 'sweep', array });
    const jobs = new JobStore({ client });
    const row = await jobs.fetchRow(idOf(1));
    const patches = jest.spyOn(client, 'resubmitJob');
    const model = new ResubmitModel({ client, jobs, row });
    const tasksOf = () => patches.mock.calls.map(([, patch]) => patch);
    return { client, model, tasksOf };
  }

  it('is run again with just these, however many, the same at every try', async () => {
    const { client, model, tasksOf } = await setUpArray();
    client.refusal = refusal('gateway_unreachable');
    await model.submit(false);
    client.refusal = null;
    await model.submit(false);
    const indices = Array.from({ length: 600 }, (_, index) => index);
    expect(tasksOf()).toEqual([
      { task_indices: indices },
      { task_indices: indices }
    ]);
    expect(client.count(/^tasks/)).toBe(2);
  });

  it('or as a whole', async () => {
    const { client, model, tasksOf } = await setUpArray();
    model.chooseTasks(false);
    await model.submit(false);
    expect(tasksOf()).toEqual([{}]);
    expect(client.count(/^tasks/)).toBe(0);
  });
});

it('another dialog is another job', async () => {
  const { client, jobs, model } = await setUp();
  await model.submit(false);
  const row = jobs.row(idOf(1));
  if (!row) {
    throw new Error('The job is not known.');
  }
  const other = new ResubmitModel({ client, jobs, row });
  expect((await other.submit(false))?.id).toBe(idOf(3));
  other.dispose();
});

it('a text that cannot be sent is not sent', async () => {
  const { client, model } = await setUp();
  model.update({ memory: 'much' });
  expect(submitOf(model.snapshot, trans).blocking).toBe(
    'spec.resources.memory_bytes'
  );
  expect(await model.submit(false)).toBeNull();
  expect(client.calls).toEqual([]);
});

it('a warning is said at its field until that is changed', async () => {
  const { client, model } = await setUp();
  client.refusal = refusal('warnings', [OVER_MACHINE]);
  await model.submit(false);
  expect(submitOf(model.snapshot, trans)).toEqual({
    label: 'Submit anyway',
    anyway: true,
    blocking: null
  });
  model.update({ cores: '2' });
  expect(model.snapshot.issues).toEqual([OVER_MACHINE]);
  model.update({ memory: '1GB' });
  expect(model.snapshot.issues).toEqual([]);
  expect(submitOf(model.snapshot, trans).label).toBe('Resubmit');
});

it('a warning that was not seen is not passed over', async () => {
  const { client, model } = await setUp();
  client.warnings = [OVER_MACHINE];
  await model.submit(false);
  const other = { ...OVER_MACHINE, field: 'spec.resources.cores' };
  client.warnings = [OVER_MACHINE, other];
  model.update({ cores: '200' });
  expect(await model.submit(true)).toBeNull();
  expect(model.snapshot.issues).toEqual([OVER_MACHINE, other]);
  model.update({ name: 'fit 2' });
  expect((await model.submit(true))?.name).toBe('fit 2');
  expect(client.count(/ anyway$/)).toBe(1);
});

it('what is typed while it is sent is not what it was refused for', async () => {
  const { client, model } = await setUp();
  client.warnings = [OVER_MACHINE];
  const sent = model.submit(false);
  model.update({ memory: '1GB' });
  await sent;
  expect(model.snapshot.issues).toEqual([]);
});

it('an error blocks until its field is changed', async () => {
  const { client, model } = await setUp();
  client.refusal = refusal('not_valid', [
    { ...OVER_MACHINE, severity: 'error' }
  ]);
  await model.submit(false);
  expect(submitOf(model.snapshot, trans).blocking).toBe(OVER_MACHINE.field);
  client.refusal = null;
  model.update({ memory: '1GB' });
  expect(await model.submit(false)).not.toBeNull();
});

it('a job that goes on after all is not run beside itself', async () => {
  const { client, jobs, model } = await setUp();
  jobs.accept(client.put(1, { phase: 'UNKNOWN', reason: 'lost' }));
  expect(model.snapshot.hasChanged).toBe(true);
  expect(await model.submit(false)).toBeNull();
  expect(client.calls.filter(call => call.startsWith('resubmit'))).toEqual([]);
});

it('listens no more once it is disposed', async () => {
  const { client, jobs, model } = await setUp();
  model.dispose();
  model.dispose();
  jobs.accept(client.put(1, { phase: 'UNKNOWN' }));
  expect(model.snapshot.hasChanged).toBe(false);
});
