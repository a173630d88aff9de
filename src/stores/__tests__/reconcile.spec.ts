import { CADENCE } from '../cadence';
import { settle } from './fakeClient';
import { ALERT_MOST, names, setUp, setUpLive } from './liveStore';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('another store', () => {
  it('is listed anew, and nothing of the old one is left', async () => {
    const { client, store } = await setUpLive(3);
    client.replace('store-2');
    client.put(9);
    client.hint();
    await settle();
    expect(client.calls).toEqual(['changes 3', 'list all', 'gateways']);
    expect(names(store, 'running')).toEqual(['job 9']);
    expect(store.snapshot.seq).toBe(1);
    client.put(9, { phase: 'COMPLETED' });
    client.hint();
    await settle();
    expect(names(store, 'finished')).toEqual(['job 9']);
  });

  it('is not believed on the word of an event', async () => {
    const { client, store } = await setUpLive(3);
    client.hint(7, 'forged');
    await settle();
    expect(client.calls).toEqual(['changes 3']);
    expect(names(store, 'running')).toHaveLength(3);
  });

  it('is not what a sequence number that is too old means', async () => {
    const { client, store } = await setUpLive(3);
    client.put(4);
    client.oldest = 4;
    client.hint();
    await settle();
    expect(client.calls).toEqual(['changes 3', 'list all', 'gateways']);
    expect(names(store, 'running')).toHaveLength(4);
  });
});

describe('a server that does not answer', () => {
  it('leaves what is known, and says since when that is so', async () => {
    const { client, store } = await setUpLive(1);
    const answeredAt = Date.now();
    await jest.advanceTimersByTimeAsync(CADENCE.calmMs / 2);
    client.isOffline = true;
    client.hint(2);
    await settle();
    expect(store.snapshot).toMatchObject({
      state: 'stale',
      staleSince: answeredAt
    });
    expect(store.snapshot.error?.message).toBe('Nobody answers');
    expect(names(store, 'running')).toEqual(['job 1']);
    await jest.advanceTimersByTimeAsync(3 * ALERT_MOST);
    expect(store.snapshot.staleSince).toBe(answeredAt);
  });

  it('is asked often until it is back, and what was missed is there', async () => {
    const { client, store } = await setUpLive(1);
    client.isOffline = true;
    client.connectionFailed.emit();
    await jest.advanceTimersByTimeAsync(4 * ALERT_MOST);
    expect(client.count(/changes/)).toBeGreaterThanOrEqual(4);
    expect(client.count(/changes/)).toBeLessThanOrEqual(11);
    client.isOffline = false;
    client.put(2);
    await jest.advanceTimersByTimeAsync(ALERT_MOST);
    expect(store.snapshot).toMatchObject({ state: 'live', staleSince: null });
    expect(store.snapshot.error).toBeNull();
    expect(names(store, 'running')).toEqual(['job 2', 'job 1']);
  });

  it('is asked often a while longer, as events may not come yet', async () => {
    const { client, store, connectionFailure } = await setUpLive(1);
    connectionFailure.emit(new Error('lost'));
    await jest.advanceTimersByTimeAsync(4 * ALERT_MOST);
    client.put(2);
    await jest.advanceTimersByTimeAsync(ALERT_MOST);
    expect(names(store, 'running')).toEqual(['job 2', 'job 1']);
    await jest.advanceTimersByTimeAsync(2 * CADENCE.alertEndsMs);
    client.calls.length = 0;
    await jest.advanceTimersByTimeAsync(3 * CADENCE.calmMs);
    expect(client.count(/changes/)).toBeLessThanOrEqual(4);
  });

  it('is asked seldom again as soon as an event comes', async () => {
    const { client } = await setUpLive(1);
    client.connectionFailed.emit();
    await jest.advanceTimersByTimeAsync(2 * ALERT_MOST);
    client.put(2);
    client.hint();
    await jest.advanceTimersByTimeAsync(ALERT_MOST);
    client.calls.length = 0;
    await jest.advanceTimersByTimeAsync(CADENCE.calmMs - ALERT_MOST - 1);
    expect(client.count(/changes/)).toBe(0);
  });

  it('at the first list is asked again', async () => {
    const { client, store } = setUp(1);
    client.isOffline = true;
    store.attach();
    await settle();
    expect(store.snapshot).toMatchObject({ state: 'stale', counts: null });
    client.isOffline = false;
    await jest.advanceTimersByTimeAsync(ALERT_MOST);
    expect(store.snapshot.state).toBe('live');
    expect(store.snapshot.gateways).toHaveLength(1);
  });
});

describe('the reconciler', () => {
  it('finds what no event told, within a minute', async () => {
    const { client, store } = await setUpLive(1);
    client.put(2);
    await jest.advanceTimersByTimeAsync(CADENCE.calmMs);
    expect(client.calls.sort()).toEqual(['changes 1', 'gateways']);
    expect(names(store, 'running')).toEqual(['job 2', 'job 1']);
  });

  it('finds it at once when the tab is looked at again', async () => {
    const { client, store, shown } = await setUpLive(1);
    client.put(2);
    shown.emit();
    await settle();
    expect(names(store, 'running')).toEqual(['job 2', 'job 1']);
  });

  it('takes news of gateways', async () => {
    const { client, store } = await setUpLive();
    client.gateways = [];
    await jest.advanceTimersByTimeAsync(CADENCE.calmMs);
    expect(store.snapshot.gateways).toEqual([]);
  });
});
