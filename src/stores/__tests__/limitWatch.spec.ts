import { Signal } from '@lumino/signaling';

import type { JobRow } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { LimitWatch } from '../limitWatch';
import type { IWatchSnapshot } from '../watch';
import { idOf } from './jobIds';

const START = '2026-11-22T12:00:00Z';
const MINUTE_MS = 60_000;
const COUNTS = { needs_you: 0, running: 1, queued: 0, finished: 0 };

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse(START) });
});

afterEach(() => {
  jest.useRealTimers();
});

function makeRow(changes: Partial<JobRow> = {}, number = 1): JobRow {
  return {
    ...(readExample('JobRow.running') as JobRow),
    id: idOf(number),
    array: null,
    started_at: START,
    walltime_seconds: 3_600,
    ...changes
  };
}

/** Watch these jobs, after others told of some. */
function setUp(rows: readonly JobRow[], memory = makeMemory()) {
  const jobs = {
    snapshot: { counts: COUNTS, active: rows } as IWatchSnapshot,
    changed: new Signal<unknown, IWatchSnapshot>({})
  };
  const watch = new LimitWatch({ jobs, memory });
  const told: string[][] = [];
  watch.near.connect((_, near) => told.push(near.map(({ id }) => id)));
  watch.setPercent(90);
  const put = (active: readonly JobRow[]): void => {
    jobs.snapshot = { ...jobs.snapshot, active };
    jobs.changed.emit(jobs.snapshot);
  };
  return { jobs, memory, put, told, watch };
}

function makeMemory() {
  let kept: ReadonlySet<string> = new Set();
  return {
    recall: () => kept,
    remember: (told: ReadonlySet<string>) => {
      kept = told;
    }
  };
}

it('tells when nine tenths of the time are used, and once', () => {
  const { put, told } = setUp([makeRow()]);
  jest.advanceTimersByTime(53 * MINUTE_MS);
  expect(told).toEqual([]);
  jest.advanceTimersByTime(MINUTE_MS);
  expect(told).toEqual([[idOf(1)]]);
  put([makeRow({ progress: null })]);
  jest.advanceTimersByTime(60 * MINUTE_MS);
  expect(told).toHaveLength(1);
});

it('what came near while nobody was here is told once, together', () => {
  jest.setSystemTime(Date.parse(START) + 57 * MINUTE_MS);
  const rows = [makeRow(), makeRow({}, 2), makeRow({ started_at: null }, 3)];
  const { memory, told, watch } = setUp(rows);
  expect(told).toEqual([[idOf(1), idOf(2)]]);
  watch.dispose();
  expect(setUp(rows, memory).told).toEqual([]);
});

it('of a job with more time, or that runs again, is told again', () => {
  const { put, told } = setUp([makeRow()]);
  jest.advanceTimersByTime(54 * MINUTE_MS);
  put([makeRow({ walltime_seconds: 7_200 })]);
  expect(told).toHaveLength(1);
  jest.advanceTimersByTime(54 * MINUTE_MS);
  expect(told).toEqual([[idOf(1)], [idOf(1)]]);
});

it.each<[string, Partial<JobRow>]>([
  ['waits', { phase: 'QUEUED', started_at: null }],
  ['is suspended', { phase: 'SUSPENDED' }],
  ['is an array', { array: { size: 2, by_phase: { EXECUTING: 2 } } }]
])('says nothing of a job that %s', (_, changes) => {
  const { told } = setUp([makeRow(changes)]);
  jest.advanceTimersByTime(120 * MINUTE_MS);
  expect(told).toEqual([]);
});

it('forgets nothing while it is not known which jobs there are', () => {
  jest.setSystemTime(Date.parse(START) + 57 * MINUTE_MS);
  const { jobs, memory, put, told } = setUp([makeRow()]);
  const [key] = memory.recall();
  jobs.snapshot = { counts: null, active: [] };
  jobs.changed.emit(jobs.snapshot);
  expect([...memory.recall()]).toEqual([key]);
  jobs.snapshot = { counts: COUNTS, active: [] };
  put([]);
  expect(memory.recall().size).toBe(0);
  expect(told).toHaveLength(1);
});

it('says nothing of a job whose program has ended unnoticed', () => {
  const { told } = setUp([makeRow({ substate: 'finishing' })]);
  jest.advanceTimersByTime(60 * MINUTE_MS);
  expect(told).toEqual([]);
});

it('waits longer than a timer can, and never with 0', () => {
  const days = makeRow({ walltime_seconds: 50 * 86_400 });
  const { told, watch } = setUp([days]);
  jest.advanceTimersByTime(44 * 24 * 60 * MINUTE_MS);
  expect(told).toEqual([]);
  jest.advanceTimersByTime(24 * 60 * MINUTE_MS);
  expect(told).toHaveLength(1);
  watch.setPercent(0);
  expect(jest.getTimerCount()).toBe(0);
});

it('leaves no timer behind', () => {
  const { watch } = setUp([makeRow()]);
  watch.dispose();
  expect(jest.getTimerCount()).toBe(0);
});
