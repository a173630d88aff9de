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
