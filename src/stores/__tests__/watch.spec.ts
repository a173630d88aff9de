import type { JobNews } from '../watch';
import { JobWatch } from '../watch';
import { FakeClient, settle } from './fakeClient';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

async function pass(): Promise<void> {
  await jest.advanceTimersByTimeAsync(1_100);
  await settle();
}

function memory(told: Record<string, number> = {}) {
  return {
    told,
    recall: (storeId: string) => told[storeId] ?? null,
    remember: (storeId: string, seq: number) => void (told[storeId] = seq)
  };
}

function setUp(kept = memory(), client = new FakeClient()) {
  const watch = new JobWatch({ client, memory: kept });
  const news: JobNews[][] = [];
  watch.happened.connect((_, some) => news.push([...some]));
  const told = (): string[][] =>
    news.map(some => some.map(({ kind, row }) => `${row.name} ${kind}`));
  return { client, kept, told, watch };
}

it('costs one question at the beginning, and none while nothing happens', async () => {
  const { client, watch } = setUp();
  client.put(1);
  client.put(2, { phase: 'COMPLETED', seen: false });
  await watch.refresh();
  await jest.advanceTimersByTimeAsync(3_600_000);
  expect(client.calls).toEqual(['list all']);
  expect(watch.snapshot.counts).toMatchObject({ running: 1, finished: 1 });
  expect(watch.snapshot.active.map(({ name }) => name)).toEqual(['job 1']);
});

it('tells what ends from then on, each job once', async () => {
  const { client, told, watch } = setUp();
  client.put(1);
  client.put(2);
  client.put(3, { phase: 'COMPLETED', seen: false });
  await watch.refresh();
  expect(told()).toEqual([]);
  client.put(1, { phase: 'COMPLETED', seen: false });
  client.put(2, { phase: 'ERROR', seen: false });
  client.hint();
  client.hint();
  await pass();
  expect(told()).toEqual([['job 1 finished', 'job 2 failed']]);
  expect(watch.snapshot.active).toEqual([]);
  // What it used is known a moment later.
  client.put(1, { phase: 'COMPLETED', seen: false, memory_peak_bytes: 1 });
  client.put(2, { seen: true });
  client.hint();
  await pass();
  expect(told()).toHaveLength(1);
});

it('tells the end of a job that was run again from the start', async () => {
  const { client, told, watch } = setUp();
  client.put(1, { phase: 'ERROR', seen: false });
  await watch.refresh();
  for (const phase of ['QUEUED', 'COMPLETED'] as const) {
    client.put(1, { phase, seen: false });
    client.hint();
    await pass();
  }
  expect(told()).toEqual([['job 1 finished']]);
});

it('tells the first tasks of an array that fail, and no later ones', async () => {
  const { client, told, watch } = setUp();
  const failed = (count: number) => ({
    seen: false,
    array: { size: 1_000, by_phase: { EXECUTING: 10, ERROR: count } }
  });
  client.put(1, failed(0));
  await watch.refresh();
  client.put(1, failed(3));
  client.hint();
  await pass();
  client.put(1, failed(4));
  client.hint();
  await pass();
  expect(told()).toEqual([['job 1 tasks_failed']]);
});

it('tells of an array that came a moment ago, not of an old one that was out of sight', async () => {
  const { client, told, watch } = setUp();
  const failing = {
    seen: false,
    array: { size: 3, by_phase: { EXECUTING: 2, ERROR: 1 } }
  };
  for (const job of [2, 4]) {
    client.put(job);
  }
  await watch.refresh();
  // Between two questions it was submitted, and its first task failed.
  client.put(5, failing);
  client.put(1, failing);
  client.hint();
  await pass();
  expect(told()).toEqual([['job 5 tasks_failed']]);
});

it('tells once what happened while nobody was here', async () => {
  const first = setUp();
  first.client.put(1);
  await first.watch.refresh();
  first.watch.dispose();
  first.client.put(1, { phase: 'COMPLETED', seen: false });
  const second = setUp(first.kept, first.client);
  await second.watch.refresh();
  expect(second.told()).toEqual([['job 1 finished']]);
  const third = setUp(first.kept, first.client);
  await third.watch.refresh();
  expect(third.told()).toEqual([]);
});

it('tells nothing of what it has never seen, such as another store', async () => {
  const { client, told, watch } = setUp(memory({ other: 1 }));
  client.put(1, { phase: 'ERROR', seen: false });
  await watch.refresh();
  client.replace('store-2');
  client.put(5, { phase: 'ERROR', seen: false });
  client.hint();
  await pass();
  expect(told()).toEqual([]);
  expect(watch.snapshot.counts).toMatchObject({ needs_you: 1 });
});

it('bears a server that is away, and asks again when somebody looks', async () => {
  const { client, watch } = setUp();
  client.isOffline = true;
  await watch.refresh();
  expect(watch.snapshot.counts).toBeNull();
  client.isOffline = false;
  document.dispatchEvent(new Event('visibilitychange'));
  await pass();
  expect(watch.snapshot.counts).not.toBeNull();
});

it('after its end it asks and tells nothing', async () => {
  const { client, told, watch } = setUp();
  client.put(1);
  await watch.refresh();
  watch.dispose();
  client.calls.length = 0;
  client.put(1, { phase: 'COMPLETED', seen: false });
  client.hint();
  await pass();
  expect([client.calls, told()]).toEqual([[], []]);
});
