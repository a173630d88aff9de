import { RunDirectoriesStore } from '../runDirectories';
import { FakeDirectories } from './fakeDirectories';

async function setUp(server = new FakeDirectories()) {
  const store = new RunDirectoriesStore(server);
  await store.refresh();
  const [running, over, old] = server.rows.map(({ job_id }) => job_id);
  return { server, store, running, over, old };
}

it('selects what is over, never what runs still', async () => {
  const { store, running, over, old } = await setUp();
  store.choose([running, over, old], true);
  expect([...store.snapshot.chosen]).toEqual([over, old]);
  store.choose([over], false);
  expect(store.selected.map(({ job_id }) => job_id)).toEqual([old]);
});

it('removes nothing but what it is told to', async () => {
  const { server, store, over, old } = await setUp();
  store.choose([over, old], true);
  expect(server.removals).toEqual([]);
  await store.remove([over]);
  expect(server.removals).toEqual([[over]]);
  expect(store.snapshot.rows).toEqual(server.rows);
  expect([...store.snapshot.chosen]).toEqual([old]);
});

it('keeps, and says, what could not be removed', async () => {
  const { server, store, over, old } = await setUp();
  server.refused.set(over, 'error').set(old, 'not_found');
  store.choose([over, old], true);
  await store.remove([over, old]);
  expect(store.snapshot.refused).toEqual([
    { job_id: over, outcome: 'error', message: `${over}: error` }
  ]);
  expect([...store.snapshot.chosen]).toEqual([over]);
});

it('keeps what is known when the server is away', async () => {
  const { server, store, over } = await setUp();
  server.error = new Error('away');
  await store.refresh();
  expect(store.snapshot).toMatchObject({ error: server.error, isBusy: false });
  expect(store.snapshot.rows).toHaveLength(3);
  await store.remove([over]);
  expect(store.snapshot.rows).toHaveLength(3);
  server.error = null;
  await store.refresh();
  expect(store.snapshot.error).toBeNull();
});

it('shows a window after the other, and removes many in parts', async () => {
  const server = new FakeDirectories();
  const [, over] = server.rows;
  server.rows = Array.from({ length: 250 }, (_, index) => ({
    ...over,
    job_id: `job-${index}`,
    path: `/runs/${index}`
  }));
  const { store } = await setUp(server);
  expect(store.snapshot.rows).toHaveLength(200);
  await store.loadMore();
  expect(store.snapshot).toMatchObject({ cursor: null });
  const ids = (store.snapshot.rows ?? []).map(({ job_id }) => job_id);
  expect(ids).toHaveLength(250);
  await store.remove(ids);
  expect(server.removals.length).toBeGreaterThan(10);
  expect(store.snapshot.rows).toEqual([]);
});

it('does one thing after the other', async () => {
  const { server, store, over } = await setUp();
  const first = store.remove([over]);
  await store.remove([over]);
  await first;
  expect(server.removals).toEqual([[over]]);
});
