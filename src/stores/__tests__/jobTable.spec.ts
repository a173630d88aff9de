import { ALL_JOBS } from '../../model/query';
import { JobTable } from '../jobTable';
import type { TableQuery } from '../jobTable';
import { idOf, settle } from './fakeClient';
import { setUpLive } from './liveStore';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

const NEWEST: TableQuery = {
  filter: ALL_JOBS,
  sort: 'created',
  descending: true
};

async function pass(): Promise<void> {
  await jest.advanceTimersByTimeAsync(1_100);
  await settle();
}

async function setUp(jobs: number) {
  const parts = await setUpLive(jobs);
  const table = new JobTable(parts.client, parts.store, NEWEST);
  table.show(0, 20);
  await settle();
  return { ...parts, table };
}

it('asks for what is in sight only, and once', async () => {
  const { client, table } = await setUp(1_000);
  expect(table.snapshot.total).toBe(1_000);
  expect(table.row(0)?.name).toBe('job 1000');
  expect(table.row(99)?.name).toBe('job 901');
  expect(table.row(100)).toBeUndefined();
  table.show(10, 30);
  await settle();
  expect(client.count(/^list/)).toBe(1);
  table.show(495, 505);
  await settle();
  expect(client.count(/^list/)).toBe(3);
  expect(table.row(500)?.name).toBe('job 500');
  expect(table.indexOf(idOf(500))).toBe(500);
  expect(table.indexOf(idOf(1))).toBeNull();
});

it('shows a change at once, and asks for the list again soon after', async () => {
  const { client, table } = await setUp(300);
  client.put(300, { name: 'changed' });
  client.hint();
  await settle();
  expect(table.row(0)?.name).toBe('changed');
  client.put(301);
  client.hint();
  await pass();
  expect(table.row(0)?.name).toBe('job 301');
  expect(table.indexOf(idOf(300))).toBe(1);
  expect(table.snapshot.total).toBe(301);
});

it('however much changes, it asks at most once a second', async () => {
  const { client, table } = await setUp(300);
  client.calls.length = 0;
  for (let number = 301; number < 340; number++) {
    client.put(number);
    client.hint();
    await settle();
  }
  await pass();
  expect(client.count(/^list/)).toBeLessThanOrEqual(2);
  expect(table.row(0)?.name).toBe('job 339');
});

it('keeps the rows of before until those of another query are there', async () => {
  const { client, table } = await setUp(300);
  table.setQuery({ ...NEWEST, filter: { ...ALL_JOBS, words: ['7'] } });
  expect(table.row(0)?.name).toBe('job 300');
  expect(table.snapshot.isLoading).toBe(true);
  table.show(0, 20);
  table.setQuery({ ...NEWEST, filter: { ...ALL_JOBS, words: ['77'] } });
  expect(client.count(/^list/)).toBe(1);
  await pass();
  expect(client.count(/^list/)).toBe(2);
  expect(table.row(0)?.name).toBe('job 277');
  expect(table.snapshot).toMatchObject({ total: 3, isLoading: false });
});

it('gives no job of the list of before where all of the next one are asked for', async () => {
  const { client, table } = await setUp(300);
  const query = { ...NEWEST, filter: { ...ALL_JOBS, words: ['77'] } };
  table.setQuery(query);
  const first = table.loadFirst(2);
  await pass();
  expect((await first).map(({ name }) => name)).toEqual(['job 277', 'job 177']);
  table.setQuery(NEWEST);
  client.isOffline = true;
  const none = table.loadFirst(2);
  await pass();
  expect(await none).toEqual([]);
  expect(table.row(0)?.name).toBe('job 277');
});

it('gives any range of jobs, and keeps no more than it must', async () => {
  const { client, table } = await setUp(6_000);
  const rows = await table.load(0, 5_499);
  expect(rows).toHaveLength(5_500);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(5_500);
  client.calls.length = 0;
  expect(table.row(0)?.name).toBe('job 6000');
  expect(table.row(1_000)).toBeUndefined();
});

it('says when the server does not answer, and goes on from there', async () => {
  const { client, table } = await setUp(300);
  client.isOffline = true;
  table.show(200, 220);
  await settle();
  expect(table.snapshot.error).not.toBeNull();
  expect(table.row(0)?.name).toBe('job 300');
  client.isOffline = false;
  await table.refresh();
  expect(table.snapshot.error).toBeNull();
  expect(table.row(210)?.name).toBe('job 90');
});

it('after its end it asks nothing more', async () => {
  const { client, table } = await setUp(10);
  table.dispose();
  client.calls.length = 0;
  table.setQuery({ ...NEWEST, descending: false });
  client.put(11);
  client.hint();
  await pass();
  expect(client.count(/^list/)).toBe(0);
});
