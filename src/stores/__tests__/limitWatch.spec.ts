import { Signal } from '@lumino/signaling';

import type { ArrayTask, JobRow, TaskList } from '../../model/contract';
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
function setUp(
  rows: readonly JobRow[],
  memory = makeMemory(),
  runningTasks = jest.fn(async (): Promise<ArrayTask[]> => [])
) {
  const jobs = {
    snapshot: { counts: COUNTS, active: rows } as IWatchSnapshot,
    changed: new Signal<unknown, IWatchSnapshot>({})
  };
  const watch = new LimitWatch({ jobs, memory, runningTasks });
  const told: string[][] = [];
  watch.near.connect((_, near) =>
    told.push(
      near.map(({ row, tasks }) =>
        tasks === null ? row.id : `${tasks} of ${row.id}`
      )
    )
  );
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
  ['is suspended', { phase: 'SUSPENDED' }]
])('says nothing of a job that %s', (_, changes) => {
  const { told } = setUp([makeRow(changes)]);
  jest.advanceTimersByTime(120 * MINUTE_MS);
  expect(told).toEqual([]);
});

describe('of an array', () => {
  const array = makeRow({ array: { size: 9, by_phase: { EXECUTING: 2 } } });
  const runs = (...minutes: number[]): ArrayTask[] =>
    minutes.map(minute => ({
      ...(readExample('TaskList.failed') as TaskList).tasks[0],
      phase: 'EXECUTING',
      started_at: new Date(Date.parse(START) + minute * MINUTE_MS).toISOString()
    }));

  it('nothing is asked before a task can be near its limit', async () => {
    const tasks = jest.fn(async () => runs(0));
    setUp([array], makeMemory(), tasks);
    await jest.advanceTimersByTimeAsync(54 * MINUTE_MS - 1);
    expect(tasks).not.toHaveBeenCalled();
  });

  it('it is told once, however many of its tasks come near', async () => {
    const tasks = jest.fn(async () => runs(0, 0, 30));
    const { put, told } = setUp([array], makeMemory(), tasks);
    await jest.advanceTimersByTimeAsync(54 * MINUTE_MS);
    expect(told).toEqual([[`2 of ${idOf(1)}`]]);
    put([{ ...array, array: { size: 9, by_phase: { QUEUED: 9 } } }]);
    put([array]);
    await jest.advanceTimersByTimeAsync(120 * MINUTE_MS);
    expect(told).toHaveLength(1);
    expect(tasks).toHaveBeenCalledTimes(1);
  });

  it('it is asked again when the next task can be near', async () => {
    const tasks = jest.fn(async () => runs(20));
    const { told } = setUp([array], makeMemory(), tasks);
    await jest.advanceTimersByTimeAsync(74 * MINUTE_MS - 1);
    expect(tasks).toHaveBeenCalledTimes(1);
    expect(told).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual([[`1 of ${idOf(1)}`]]);
  });

  it('a server that does not answer is asked again, though not at once', async () => {
    const tasks = jest
      .fn(async () => runs(0))
      .mockRejectedValueOnce(new Error('Nobody answers'));
    const { put, told } = setUp([array], makeMemory(), tasks);
    await jest.advanceTimersByTimeAsync(54 * MINUTE_MS);
    put([array]);
    expect(tasks).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(told).toEqual([[`1 of ${idOf(1)}`]]);
  });
});

it('forgets nothing while it is not known which jobs there are', () => {
  jest.setSystemTime(Date.parse(START) + 57 * MINUTE_MS);
  const { jobs, memory, put, told } = setUp([makeRow()]);
  const [key] = memory.recall();
  jobs.snapshot = { counts: null, active: [], clustersSeq: 0 };
  jobs.changed.emit(jobs.snapshot);
  expect([...memory.recall()]).toEqual([key]);
  jobs.snapshot = { counts: COUNTS, active: [], clustersSeq: 0 };
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
