import * as fc from 'fast-check';

import type { JobGroup, JobRow, Phase } from '../../model/contract';
import { groupOf } from '../../model/phase';
import { CADENCE } from '../cadence';
import { idOf, settle } from './fakeClient';
import { ALERT_MOST, names, setUp, setUpLive } from './liveStore';

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
    expect(client.calls).not.toContain('list finished');
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

describe('a hint', () => {
  it('moves a row to its new group, and nothing else is a new object', async () => {
    const { client, store } = await setUpLive(2);
    client.put(3, { phase: 'QUEUED' });
    client.hint();
    await settle();
    const before = store.snapshot;
    client.put(1, { phase: 'COMPLETED' });
    client.hint();
    await settle();
    const after = store.snapshot;
    expect(client.calls).toEqual(['changes 2', 'changes 3']);
    expect(names(store, 'running')).toEqual(['job 2']);
    expect(names(store, 'finished')).toEqual(['job 1']);
    expect(after.counts).toMatchObject({ running: 1, finished: 1 });
    expect(after.groups.queued).toBe(before.groups.queued);
    expect(after.groups.running.rows[0]).toBe(before.groups.running.rows[0]);
    expect(Object.isFrozen(after)).toBe(true);
    expect(Object.isFrozen(after.groups.running.rows)).toBe(true);
  });

  it('that is late or comes twice asks nothing', async () => {
    const { client } = await setUpLive(2);
    client.hint(2);
    client.hint(1);
    await settle();
    expect(client.calls).toEqual([]);
  });

  it('while an answer is under way makes one question more, however many come', async () => {
    const { client, store } = await setUpLive();
    const release = client.hold();
    client.put(1);
    client.hint();
    await settle();
    for (let number = 2; number <= 9; number++) {
      client.put(number);
      client.hint();
    }
    await settle();
    expect(client.calls).toEqual(['changes 0']);
    release();
    await settle();
    expect(client.calls).toEqual(['changes 0', 'changes 1']);
    expect(store.snapshot.groups.running.rows).toHaveLength(9);
  });

  it('of many changes asks until there are no more', async () => {
    const { client, store } = await setUpLive();
    for (let number = 1; number <= 250; number++) {
      client.put(number);
    }
    client.hint();
    await settle();
    expect(client.calls).toEqual(['changes 0', 'changes 100', 'changes 200']);
    expect(store.snapshot.groups.running.rows).toHaveLength(250);
  });

  it('that nothing stands behind changes nothing', async () => {
    const { client, store } = await setUpLive(1);
    let emitted = 0;
    store.changed.connect(() => (emitted += 1));
    client.hint(99);
    await settle();
    expect(client.calls).toEqual(['changes 1']);
    expect(emitted).toBe(0);
  });
});

describe('a change that is no job', () => {
  it('takes back a job whose submission was refused', async () => {
    const { client, store } = await setUpLive(2);
    client.put(3, { phase: 'PENDING' });
    client.hint();
    await settle();
    expect(names(store, 'queued')).toEqual(['job 3']);
    client.calls.length = 0;
    client.changeGateways();
    client.takeBack(3);
    client.hint();
    await settle();
    expect(names(store, 'queued')).toEqual([]);
    expect(client.count(/^gateways$/)).toBe(1);
    expect(names(store, 'running')).toEqual(['job 2', 'job 1']);
  });

  it('drops forgotten jobs at once, and the list that follows agrees', async () => {
    const { client, store } = await setUpLive(3);
    await client.forgetJob(idOf(2));
    store.drop([idOf(2), idOf(9)]);
    expect(names(store, 'running')).toEqual(['job 3', 'job 1']);
    expect(store.snapshot.counts?.running).toBe(2);
    client.hint();
    await settle();
    expect(names(store, 'running')).toEqual(['job 3', 'job 1']);
  });

  it('asks for the gateways again when one of them fell silent', async () => {
    const { client, store } = await setUpLive(1);
    client.calls.length = 0;
    client.changeGateways();
    client.hint();
    await settle();
    expect(client.count(/^gateways$/)).toBe(1);
    client.put(1, { name: 'renamed' });
    client.hint();
    await settle();
    expect(client.count(/^gateways$/)).toBe(1);
    expect(names(store, 'running')).toEqual(['renamed']);
  });
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

describe('any order of changes, hints and losses', () => {
  const phases: Phase[] = [
    'PENDING',
    'QUEUED',
    'EXECUTING',
    'COMPLETED',
    'ERROR',
    'UNKNOWN'
  ];
  const step = fc.oneof(
    fc.record({
      number: fc.integer({ min: 1, max: 5 }),
      phase: fc.constantFrom(...phases),
      seen: fc.boolean()
    }),
    fc.constantFrom('hint', 'late hint', 'wait', 'offline', 'online', 'old')
  );

  it('ends in what the server knows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async steps => {
        const { client, store } = setUp(2);
        store.attach();
        const old: JobRow[] = [];
        for (const what of steps) {
          if (typeof what === 'object') {
            const { number, ...changes } = what;
            old.push(client.put(number, changes));
          } else if (what === 'old') {
            old.slice(0, 1).forEach(row => store.accept(row));
          } else if (what === 'wait') {
            await settle();
          } else if (what.endsWith('hint')) {
            client.hint(what === 'hint' ? client.seq : 0);
          } else {
            client.isOffline = what === 'offline';
          }
        }
        client.isOffline = false;
        await jest.advanceTimersByTimeAsync(CADENCE.calmMs + ALERT_MOST);
        const { rows, counts } = await client.listJobs({ limit: 500 });
        const { groups } = store.snapshot;
        expect(store.snapshot.counts).toEqual(counts);
        for (const group of Object.keys(groups) as JobGroup[]) {
          expect(groups[group].rows).toEqual(
            rows.filter(row => groupOf(row) === group)
          );
        }
        store.dispose();
      }),
      { numRuns: 50 }
    );
  });
});
