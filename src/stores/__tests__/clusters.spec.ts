import { ClusterStore } from '../clusters';
import { JobStore } from '../jobs';
import { settle } from './fakeClient';
import { FakeClient } from './fakeClient';
import { clusterIdOf, FakeClusters } from './fakeClusters';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

function setUp() {
  const client = new FakeClient();
  const dask = new FakeClusters(client);
  const jobs = new JobStore({ client });
  const store = new ClusterStore({ client: dask, jobs });
  const names = () => store.snapshot.clusters?.map(({ name }) => name);
  return { client, dask, jobs, names, store };
}

async function setUpLive() {
  const parts = setUp();
  parts.dask.put(1);
  const user = parts.store.attach();
  await settle();
  parts.client.calls.length = 0;
  return { ...parts, user };
}

it('asks nothing before somebody looks, nor afterwards', async () => {
  const { client, dask, names, store } = setUp();
  dask.put(1);
  dask.put(2);
  client.hint();
  await settle();
  expect(client.calls).toEqual([]);
  const user = store.attach();
  expect(store.snapshot.state).toBe('loading');
  await settle();
  expect(names()).toEqual(['dask 2', 'dask 1']);
  expect(store.snapshot.state).toBe('live');
  user.dispose();
  expect(store.snapshot.state).toBe('idle');
  client.calls.length = 0;
  dask.put(1, { substate: 'stopping' });
  client.hint();
  await settle();
  expect(client.calls).toEqual([]);
});

it('lists again when a cluster has changed, and only then', async () => {
  const { client, dask, names } = await setUpLive();
  client.put(1);
  client.hint();
  await settle();
  expect(client.count(/^clusters/)).toBe(0);
  dask.put(2);
  client.hint();
  await settle();
  expect(client.count(/^clusters/)).toBe(1);
  expect(names()).toEqual(['dask 2', 'dask 1']);
});

it('lists now and then while somebody looks, so that the server knows', async () => {
  const { client, user } = await setUpLive();
  await jest.advanceTimersByTimeAsync(61_000);
  expect(client.count(/^clusters/)).toBe(3);
  user.dispose();
  await jest.advanceTimersByTimeAsync(61_000);
  expect(client.count(/^clusters/)).toBe(3);
});

it('takes what an action answers ahead of its event, and nothing older', async () => {
  const { dask, store } = await setUpLive();
  const before = dask.put(1, { name: 'older' });
  const after = dask.put(1, { name: 'newer' });
  store.accept(after);
  store.accept(before);
  expect(store.cluster(clusterIdOf(1))?.name).toBe('newer');
  expect(Object.isFrozen(store.snapshot)).toBe(true);
  expect(Object.isFrozen(store.snapshot.clusters)).toBe(true);
});

it('keeps what was accepted while an older list was on its way', async () => {
  const { client, dask, names, store } = await setUpLive();
  const release = client.hold();
  const listed = store.refresh();
  store.accept(dask.put(2));
  release();
  await listed;
  expect(names()).toEqual(['dask 2', 'dask 1']);
});

it('drops what was forgotten, and what the list does not know', async () => {
  const { client, dask, names, store } = await setUpLive();
  dask.put(2);
  await store.refresh();
  store.drop(clusterIdOf(2));
  expect(names()).toEqual(['dask 1']);
  await dask.forget(clusterIdOf(1));
  await dask.forget(clusterIdOf(2));
  client.hint();
  await settle();
  expect(names()).toEqual([]);
});

it('of another store keeps nothing of the one before', async () => {
  const { client, dask, names } = await setUpLive();
  await dask.forget(clusterIdOf(1));
  client.replace('store-2');
  client.hint();
  await settle();
  expect(names()).toEqual([]);
});

it('keeps what is known while the server is away, and lists when it is back', async () => {
  const { client, dask, names, store } = await setUpLive();
  client.isOffline = true;
  dask.put(1, { name: 'changed' });
  client.hint();
  await settle();
  expect(names()).toEqual(['dask 1']);
  expect(store.snapshot.staleSince).not.toBeNull();
  client.isOffline = false;
  await jest.advanceTimersByTimeAsync(6_000);
  expect(names()).toEqual(['changed']);
  expect(store.snapshot).toMatchObject({ staleSince: null, error: null });
});

it('says why the list could not be had, and that it may be old', async () => {
  const { dask, store } = await setUpLive();
  dask.list = () => Promise.reject(new Error('no'));
  await store.refresh();
  expect(store.snapshot).toMatchObject({
    state: 'stale',
    error: new Error('no')
  });
});

it('that is disposed asks no more', async () => {
  const { client, dask, jobs, store } = await setUpLive();
  store.dispose();
  expect(jobs.snapshot.state).toBe('idle');
  client.calls.length = 0;
  dask.put(2);
  client.hint();
  await settle();
  expect(client.calls).toEqual([]);
});
