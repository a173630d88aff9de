import { FakeClient } from './fakeClient';
import { TaskOverviewStore } from '../taskOverview';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

function setUp() {
  const client = new FakeClient();
  const store = new TaskOverviewStore({
    details: client.details,
    jobId: 'job'
  });
  return { client, store };
}

it('asks for what changed, at most once a second', async () => {
  const { client, store } = setUp();
  for (let done = 0; done < 50; done++) {
    store.expect({ size: 99, by_phase: { COMPLETED: done } }, done);
  }
  await jest.advanceTimersByTimeAsync(1_000);
  expect(client.calls).toEqual(['phases', 'usage']);
  expect(store.snapshot).toMatchObject({ causes: null, error: null });
  store.expect({ size: 99, by_phase: { COMPLETED: 49, ERROR: 1 } }, 50);
  store.expect({ size: 99, by_phase: { COMPLETED: 49, ERROR: 1 } }, 50);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(client.calls.slice(2)).toEqual(['phases', 'usage', 'causes']);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(client.calls).toHaveLength(5);
});

it('keeps what is known when the server does not answer, and asks again', async () => {
  const { client, store } = setUp();
  store.expect({ size: 2, by_phase: { COMPLETED: 1, ERROR: 1 } }, 1);
  await jest.advanceTimersByTimeAsync(1_000);
  const { runs } = store.snapshot;
  client.isOffline = true;
  store.refresh();
  await jest.advanceTimersByTimeAsync(1_000);
  expect(store.snapshot).toMatchObject({ runs, error: expect.any(Error) });
  client.isOffline = false;
  store.refresh();
  await jest.advanceTimersByTimeAsync(1_000);
  expect(store.snapshot.error).toBeNull();
  store.refresh();
  store.dispose();
  client.calls.length = 0;
  await jest.advanceTimersByTimeAsync(60_000);
  expect(client.calls).toEqual([]);
});

it('asks again for what is told of tasks later than that they are over', async () => {
  const { client, store } = setUp();
  const half = { size: 4, by_phase: { ERROR: 1, COMPLETED: 1, EXECUTING: 2 } };
  store.expect(half, 1);
  await jest.advanceTimersByTimeAsync(1_000);
  client.calls.length = 0;
  // Nothing is where it was not: something is known of one that is over.
  store.expect(half, 2);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(client.calls.splice(0)).toEqual(['phases', 'usage', 'causes']);
  store.expect(
    { size: 4, by_phase: { ...half.by_phase, COMPLETED: 2, EXECUTING: 1 } },
    3
  );
  await jest.advanceTimersByTimeAsync(1_000);
  expect(client.calls.splice(0)).toEqual(['phases', 'usage']);
  // With the end of the last one may have come why another one failed.
  store.expect({ size: 4, by_phase: { ERROR: 1, COMPLETED: 3 } }, 4);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(client.calls).toEqual(['phases', 'usage', 'causes']);
});
