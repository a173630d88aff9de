import { CADENCE } from '../cadence';
import { idOf, settle } from './fakeClient';
import { names, setUp, setUpLive } from './liveStore';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('attach', () => {
  it('is what makes it ask at all', async () => {
    const { client, store } = setUp(1);
    client.hint();
    client.connectionFailed.emit();
    await jest.advanceTimersByTimeAsync(10 * CADENCE.calmMs);
    expect(client.calls).toEqual([]);
    expect(store.snapshot.state).toBe('idle');
  });

  it('lists all groups by one request, newest first', async () => {
    const { client, store } = setUp(2);
    client.put(3, { phase: 'QUEUED' });
    client.put(4, { phase: 'ERROR', seen: false });
    client.put(5, { phase: 'COMPLETED' });
    store.attach();
    expect(store.snapshot.state).toBe('loading');
    await settle();
    expect(client.calls.sort()).toEqual(['gateways', 'list all']);
    expect(store.snapshot).toMatchObject({
      state: 'live',
      seq: 5,
      error: null
    });
    expect(store.snapshot.gateways).toHaveLength(1);
    expect(names(store, 'running')).toEqual(['job 2', 'job 1']);
    expect(names(store, 'queued')).toEqual(['job 3']);
    expect(names(store, 'needs_you')).toEqual(['job 4']);
    expect(names(store, 'finished')).toEqual(['job 5']);
  });

  it('asks for old jobs of a group that the first list does not reach', async () => {
    const { client, store } = setUp();
    client.put(1, { phase: 'UNKNOWN' });
    for (let number = 2; number <= 400; number++) {
      client.put(number, { phase: 'COMPLETED' });
    }
    store.attach();
    await settle();
    expect(client.calls).toContain('list needs_you');
    // Which of the finished jobs ended last, the newest ones do not tell.
    expect(client.count(/^list finished/)).toBe(1);
    expect(names(store, 'needs_you')).toEqual(['job 1']);
    expect(store.snapshot.groups.finished.hasMore).toBe(true);
    expect(store.snapshot.groups.needs_you.hasMore).toBe(false);
  });

  it('counts its users', async () => {
    const { client, store, user } = await setUpLive(1);
    const second = store.attach();
    user.dispose();
    user.dispose();
    client.put(1, { name: 'changed' });
    client.hint();
    await settle();
    expect(names(store, 'running')).toEqual(['changed']);
    second.dispose();
    expect(store.snapshot.state).toBe('idle');
    client.calls.length = 0;
    client.hint(99);
    await jest.advanceTimersByTimeAsync(10 * CADENCE.calmMs);
    expect(client.calls).toEqual([]);
  });

  it('goes on where it was when somebody comes back', async () => {
    const { client, store, user } = await setUpLive(2);
    user.dispose();
    client.put(3);
    store.attach();
    expect(names(store, 'running')).toEqual(['job 2', 'job 1']);
    await settle();
    expect(client.calls).toContain('changes 2');
    expect(names(store, 'running')).toEqual(['job 3', 'job 2', 'job 1']);
  });
});

it('counts what ended today, and goes on counting after midnight', async () => {
  jest.setSystemTime(new Date(2026, 10, 22, 23, 59));
  const { client, store } = setUp();
  const ended_at = new Date(2026, 10, 22, 8).toISOString();
  client.put(1, { phase: 'COMPLETED', ended_at });
  client.put(2, { phase: 'COMPLETED', ended_at: '2026-11-01T08:00:00Z' });
  store.attach();
  await settle();
  expect(store.snapshot.finishedToday).toBe(1);
  await jest.advanceTimersByTimeAsync(2 * CADENCE.calmMs);
  expect(store.snapshot.finishedToday).toBe(0);
});

describe('accept', () => {
  it('shows what an action answered, before and after its event', async () => {
    const { client, store } = await setUpLive();
    const row = client.put(1, { phase: 'QUEUED' });
    store.accept(row);
    expect(names(store, 'queued')).toEqual(['job 1']);
    expect(store.snapshot.counts).toMatchObject({ queued: 1 });
    client.hint();
    await settle();
    expect(store.snapshot.counts).toMatchObject({ queued: 1 });
    client.put(1, { phase: 'EXECUTING' });
    client.hint();
    await settle();
    store.accept(row);
    expect(store.row(row.id)?.phase).toBe('EXECUTING');
    expect(names(store, 'queued')).toEqual([]);
  });

  it('is what fetchRow does with its answer', async () => {
    const { client, store } = await setUpLive();
    client.put(1, { phase: 'COMPLETED' });
    expect((await store.fetchRow(idOf(1))).name).toBe('job 1');
    expect(store.row(idOf(1))?.phase).toBe('COMPLETED');
  });
});

describe('loadMore', () => {
  it('brings older jobs of a group until there are none', async () => {
    const { client, store } = await setUpLive(80);
    const running = () => store.snapshot.groups.running;
    expect(running()).toMatchObject({ hasMore: true });
    expect(running().rows).toHaveLength(50);
    await store.loadMore('running');
    expect(running()).toMatchObject({ hasMore: false });
    expect(running().rows).toHaveLength(80);
    expect(running().rows[79].name).toBe('job 1');
    client.put(81);
    client.hint();
    await settle();
    expect(running().rows).toHaveLength(81);
  });

  it('brings finished jobs by their end, whenever they were submitted', async () => {
    const { client, store } = setUp();
    const ended = (minute: number) =>
      new Date(Date.now() - minute * 60_000).toISOString();
    for (let number = 1; number <= 120; number++) {
      client.put(number, { phase: 'COMPLETED', ended_at: ended(number) });
    }
    store.attach();
    await settle();
    const finished = () => names(store, 'finished');
    expect(finished().slice(0, 2)).toEqual(['job 1', 'job 2']);
    await store.loadMore('finished');
    await store.loadMore('finished');
    expect(finished()).toEqual(
      Array.from({ length: 120 }, (_, index) => `job ${index + 1}`)
    );
    expect(store.snapshot.groups.finished.hasMore).toBe(false);
  });

  it('fails to the one who asked', async () => {
    const { client, store } = await setUpLive(80);
    client.isOffline = true;
    await expect(store.loadMore('running')).rejects.toThrow('Nobody answers');
    expect(store.snapshot.groups.running.rows).toHaveLength(50);
  });
});

describe('refresh', () => {
  it('lists again', async () => {
    const { client, store } = await setUpLive(1);
    await store.refresh();
    expect(client.calls.sort()).toEqual(['gateways', 'list all']);
  });
});

describe('dispose', () => {
  it('is the end, also of answers under way', async () => {
    const { client, store, user } = await setUpLive(1);
    let emitted = 0;
    store.changed.connect(() => (emitted += 1));
    const release = client.hold();
    client.put(2);
    client.hint();
    await settle();
    const before = store.snapshot;
    let isTold = false;
    store.disposed.connect(() => (isTold = true));
    store.dispose();
    store.dispose();
    release();
    client.hint(9);
    await jest.advanceTimersByTimeAsync(10 * CADENCE.calmMs);
    user.dispose();
    expect(isTold).toBe(true);
    expect(store.snapshot).toBe(before);
    expect(emitted).toBe(0);
    expect(client.calls).toEqual(['changes 1']);
  });
});
