import { FakeClient, idOf, settle } from '../../stores/__tests__/fakeClient';
import { JobStore } from '../../stores/jobs';
import { JobModel } from '../jobModel';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

async function setUp() {
  const client = new FakeClient();
  client.put(1);
  const jobs = new JobStore({ client });
  const model = new JobModel({ client, jobs, id: idOf(1) });
  await settle();
  return { client, jobs, model };
}

it('asks for row and details', async () => {
  const { model } = await setUp();
  expect(model.snapshot.row?.name).toBe('job 1');
  expect(model.snapshot.job?.spec.name).toBeDefined();
  expect(model.snapshot.gateways).toHaveLength(1);
});

it('asks for the details again when the row is newer, and only then', async () => {
  const { client, model } = await setUp();
  client.calls.length = 0;
  client.put(2);
  client.hint();
  await settle();
  expect(client.count(/^job$/)).toBe(0);
  client.put(1, { phase: 'COMPLETED' });
  client.hint();
  await settle();
  expect(client.count(/^job$/)).toBe(1);
  expect(model.snapshot.job?.phase).toBe('COMPLETED');
});

it('asks one question at a time, and once more for what came meanwhile', async () => {
  const { client, model } = await setUp();
  client.calls.length = 0;
  client.put(1, { progress: { done: 8, total: 18, text: '' } });
  client.hint();
  await settle();
  const release = client.hold();
  void model.refresh();
  void model.refresh();
  expect(client.count(/^job$/)).toBe(2);
  release();
  await settle();
  expect(client.count(/^job$/)).toBe(2);
});

it('keeps what it knows while the server is silent, and says so', async () => {
  const { client, jobs, model } = await setUp();
  client.isOffline = true;
  await model.refresh();
  expect(model.snapshot.error).not.toBeNull();
  expect(model.snapshot.job).not.toBeNull();
  expect(model.snapshot.staleSince).toBeNull();
  await jobs.refresh();
  expect(model.snapshot.staleSince).toBe(jobs.snapshot.staleSince);
  expect(model.snapshot.staleSince).not.toBeNull();
  client.isOffline = false;
  await Promise.all([model.refresh(), jobs.refresh()]);
  expect(model.snapshot.error).toBeNull();
  expect(model.snapshot.staleSince).toBeNull();
});

it('knows no job that the server does not', async () => {
  const client = new FakeClient();
  const jobs = new JobStore({ client });
  const model = new JobModel({ client, jobs, id: idOf(9) });
  await settle();
  expect(model.snapshot).toMatchObject({ row: null, job: null });
  expect(model.snapshot.error).not.toBeNull();
  model.dispose();
});

it('after it is closed takes no late answer', async () => {
  const { client, jobs, model } = await setUp();
  const changed = jest.fn();
  const release = client.hold();
  const asked = model.refresh();
  model.changed.connect(changed);
  model.dispose();
  release();
  await asked;
  expect(changed).not.toHaveBeenCalled();
  expect(jobs.snapshot.state).toBe('idle');
});
