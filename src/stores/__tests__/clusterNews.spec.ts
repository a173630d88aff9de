import type { Cluster, ClusterWarning } from '../../model/contract';
import { ClusterNewsWatch } from '../clusterNews';
import type { ClusterNews } from '../clusterNews';
import { FakeClient, settle } from './fakeClient';
import { clusterIdOf, FakeClusters } from './fakeClusters';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const MINUTE_MS = 60_000;
const WARNING: ClusterWarning = {
  code: 'memory',
  since: null,
  workers: 1,
  packages: []
};

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
});

afterEach(() => {
  jest.useRealTimers();
});

/** A moment so many minutes from now. */
function inMinutes(minutes: number): string {
  return new Date(NOW + minutes * MINUTE_MS).toISOString();
}

function setUp(memory = new Set<string>()) {
  const client = new FakeClient();
  const dask = new FakeClusters(client);
  const told: string[][] = [];
  /** What is remembered is shared by all that watch. */
  const watching = (): ClusterNewsWatch => {
    const watch = new ClusterNewsWatch({
      client: dask,
      memory: {
        recall: () => new Set(memory),
        remember: keys => {
          memory.clear();
          keys.forEach(key => memory.add(key));
        }
      }
    });
    watch.happened.connect((_, news) => told.push(news.map(wordsOf)));
    return watch;
  };
  /** A cluster that does something, unless the changes say otherwise. */
  const put = (number: number, changes: Partial<Cluster> = {}): Cluster =>
    dask.put(number, {
      idle_since: null,
      idle_stop_at: null,
      stale_since: null,
      warnings: [],
      ...changes
    });
  return { client, dask, memory, put, told, watch: watching(), watching };
}

function wordsOf(news: ClusterNews): string {
  const what = news.kind === 'warning' ? news.warning.code : news.kind;
  return `${news.cluster.name} ${what}`;
}

const wait = (minutes: number): Promise<void> =>
  jest.advanceTimersByTimeAsync(minutes * MINUTE_MS);

it.each<[Cluster['phase'], string[][]]>([
  ['COMPLETED', [['dask 1 stopped']]],
  ['ERROR', [['dask 1 failed']]],
  // The user asked for it.
  ['ABORTED', []]
])(
  'tells once of a cluster that was seen to run what %s means',
  async (phase, expected) => {
    const { put, told, watch } = setUp();
    put(1);
    await watch.refresh();
    expect(told).toEqual([]);
    put(1, { phase });
    await watch.refresh();
    await watch.refresh();
    expect(told).toEqual(expected);
  }
);

it('says nothing of what was over before anybody looked', async () => {
  const { put, told, watch } = setUp();
  put(1, { phase: 'ERROR' });
  put(2, { phase: 'COMPLETED' });
  await watch.refresh();
  expect(told).toEqual([]);
});

it('tells together what is found together, and each warning of each cluster once', async () => {
  const { put, told, watch } = setUp();
  put(1, { warnings: [WARNING] });
  put(2, { warnings: [WARNING, { ...WARNING, code: 'versions' }] });
  await watch.refresh();
  await watch.refresh();
  expect(told).toHaveLength(1);
  expect([...told[0]].sort()).toEqual([
    'dask 1 memory',
    'dask 2 memory',
    'dask 2 versions'
  ]);
  put(1, { warnings: [WARNING, { ...WARNING, code: 'workers_killed' }] });
  await watch.refresh();
  expect(told.slice(1)).toEqual([['dask 1 workers_killed']]);
});

it.each([
  // Ten minutes before, where it may be idle for long.
  [-10, 110, 100],
  // A quarter of what it may be idle, where that is less.
  [-4, 16, 11]
])(
  'tells that one which is idle since %i min and stops in %i min does so soon, after %i min and without being asked',
  async (since, stop, due) => {
    const { client, put, told, watch } = setUp();
    put(1, { idle_since: inMinutes(since), idle_stop_at: inMinutes(stop) });
    await watch.refresh();
    const asked = client.calls.length;
    await wait(due - 0.1);
    expect(told).toEqual([]);
    await wait(0.2);
    expect(told).toEqual([['dask 1 stops_soon']]);
    await wait(stop);
    expect(told).toHaveLength(1);
    expect(client.calls).toHaveLength(asked);
  }
);

it('says no more that one stops soon once it has work again, and says it of the next time', async () => {
  const { put, told, watch } = setUp();
  put(1, { idle_since: inMinutes(0), idle_stop_at: inMinutes(60) });
  await watch.refresh();
  put(1);
  await watch.refresh();
  await wait(60);
  expect(told).toEqual([]);
  for (const start of [60, 120]) {
    put(1, {
      idle_since: inMinutes(start),
      idle_stop_at: inMinutes(start + 60)
    });
    await watch.refresh();
    await wait(60);
  }
  expect(told).toEqual([['dask 1 stops_soon'], ['dask 1 stops_soon']]);
});

it('tells that one is silent after a minute, and each silence once', async () => {
  const { put, told, watch } = setUp();
  put(1, { stale_since: inMinutes(0) });
  await watch.refresh();
  await wait(0.9);
  expect(told).toEqual([]);
  await wait(0.2);
  expect(told).toEqual([['dask 1 silent']]);
  put(1);
  await watch.refresh();
  put(1, { stale_since: inMinutes(10) });
  await watch.refresh();
  await wait(10);
  expect(told).toEqual([['dask 1 silent'], ['dask 1 silent']]);
});

it('tells nothing twice after a reload or in another tab, and forgets clusters that are gone', async () => {
  const { memory, put, told, watch, watching } = setUp();
  put(1, { warnings: [WARNING] });
  await watch.refresh();
  await watching().refresh();
  expect(told).toHaveLength(1);
  expect([...memory].join()).toContain(clusterIdOf(1));

  const later = setUp(memory);
  later.put(2);
  await later.watch.refresh();
  expect([...memory].join()).not.toContain(clusterIdOf(1));
  expect([...memory].join()).toContain(clusterIdOf(2));
});

it('says nothing of a server that is away, and goes on when it is back', async () => {
  const { client, put, told, watch } = setUp();
  put(1);
  await watch.refresh();
  client.isOffline = true;
  put(1, { phase: 'ERROR' });
  await watch.refresh();
  expect(told).toEqual([]);
  client.isOffline = false;
  await watch.refresh();
  expect(told).toEqual([['dask 1 failed']]);
});

it('says and notes nothing any more once it is disposed of, so that another tab says it', async () => {
  const { client, memory, put, told, watch } = setUp();
  put(1, { idle_since: inMinutes(0), idle_stop_at: inMinutes(60) });
  await watch.refresh();
  const noted = [...memory];
  const answer = client.hold();
  put(1, { warnings: [WARNING] });
  const asked = watch.refresh();
  watch.dispose();
  answer();
  await asked;
  await wait(60);
  await settle();
  expect(told).toEqual([]);
  expect([...memory]).toEqual(noted);
});
