import { FakeClient } from './fakeClient';
import { JobFilesStore } from '../jobFiles';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

function setUp() {
  const client = new FakeClient();
  const { details } = client;
  const store = new JobFilesStore({ details, jobId: 'job' });
  return { client, store };
}

it('asks for nothing until somebody looks, then at most every two seconds', async () => {
  const { client, store } = setUp();
  store.expect(1);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(client.calls).toEqual([]);
  store.look(true);
  await jest.advanceTimersByTimeAsync(0);
  expect(client.calls).toEqual(['files / 0']);
  for (let revision = 2; revision < 50; revision++) {
    store.expect(revision);
  }
  await jest.advanceTimersByTimeAsync(2_000);
  expect(client.calls).toHaveLength(2);
  store.look(false);
  store.expect(99);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(client.calls).toHaveLength(2);
});

it('goes from folder to folder and from window to window', async () => {
  const { client, store } = setUp();
  await store.goTo(50);
  expect(store.snapshot).toMatchObject({ folder: '', offset: 50 });
  await store.open('tasks/7');
  expect(store.snapshot).toMatchObject({ folder: 'tasks/7', offset: 0 });
  expect(client.calls.slice(-2)).toEqual(['files / 50', 'files /tasks/7 0']);
});

it('shows the folder that was asked for last, whatever comes late', async () => {
  const { store } = setUp();
  const first = store.open('a');
  const last = store.open('b');
  await Promise.all([first, last]);
  await jest.advanceTimersByTimeAsync(0);
  expect(store.snapshot.folder).toBe('b');
});

it('keeps what is known when the server does not answer', async () => {
  const { client, store } = setUp();
  await store.refresh();
  const { files } = store.snapshot;
  client.isOffline = true;
  await store.open('plots');
  expect(store.snapshot).toMatchObject({
    folder: '',
    files,
    error: expect.any(Error)
  });
  client.isOffline = false;
  await store.refresh();
  expect(store.snapshot).toMatchObject({ folder: 'plots', error: null });
  store.dispose();
  client.calls.length = 0;
  await store.refresh();
  expect(client.calls).toEqual([]);
});
