import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { ArrayTask, JobRow } from '../model/contract';
import { Alarm } from './alarm';
import type { IWatchSnapshot } from './watch';

/** The tasks of one array are asked for no more often than this. */
const AGAIN_MS = 60_000;

/** A running job that has used most of its time. */
export type NearLimit = Readonly<{
  row: JobRow;
  /** Of an array, so many of its tasks have; null of a single job. */
  tasks: number | null;
}>;

/**
 * Tells of running jobs that have used most of their time, of each once for each limit that it has.
 *
 * Nothing is asked for it: a timer waits for the job that is next. Of an array, whose limit is that
 * of each task, the tasks that run are asked for, but not before one of them can be so far.
 */
export class LimitWatch implements IDisposable {
  constructor({ jobs, memory, runningTasks }: LimitWatch.IOptions) {
    this._jobs = jobs;
    this._memory = memory;
    this._runningTasks = runningTasks;
    jobs.changed.connect(this._look, this);
  }

  /** Jobs whose limit is near, together where it came together. */
  get near(): ISignal<this, readonly NearLimit[]> {
    return this._near;
  }

  get isDisposed(): boolean {
    return this._alarm.isDisposed;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._alarm.dispose();
      this._jobs.changed.disconnect(this._look, this);
      Signal.clearData(this);
    }
  }

  /** Tell when so many per cent of the time are used; with 0 never. */
  setPercent(percent: number): void {
    this._percent = percent;
    this._askAt.clear();
    this._look();
  }

  private _look(): void {
    this._alarm.clear();
    const { counts, active } = this._jobs.snapshot;
    if (counts === null || this._percent === 0 || this.isDisposed) {
      return;
    }
    const now = Date.now();
    const told = this._memory.recall();
    const due = active.flatMap(row => {
      const dueMs = this._dueOf(row);
      const key = keyOf(row);
      return dueMs === null || told.has(key) ? [] : [{ row, dueMs, key }];
    });
    const jobs = due.filter(({ row }) => row.array === null);
    const near = jobs.filter(({ dueMs }) => dueMs <= now);
    const known = active.map(keyOf).filter(key => told.has(key));
    if (near.length > 0 || known.length !== told.size) {
      const keys = near.map(({ key }) => key);
      this._memory.remember(new Set([...known, ...keys]));
    }
    const arrays = due.filter(({ row }) => row.array !== null);
    this._forgetOthers(new Set(active.map(keyOf)));
    arrays
      .filter(({ dueMs }) => dueMs <= now)
      .forEach(({ row, key }) => void this._ask(row, key));
    this._alarm.set([...jobs, ...arrays].map(({ dueMs }) => dueMs));
    if (near.length > 0) {
      this._near.emit(near.map(({ row }) => ({ row, tasks: null })));
    }
  }

  /** When there is something to tell of a job, or to ask of an array; null if it does not run. */
  private _dueOf(row: JobRow): number | null {
    // One whose program has ended runs out of nothing.
    const isRunning =
      row.phase === 'EXECUTING' &&
      row.substate !== 'finishing' &&
      (row.array?.by_phase.EXECUTING ?? 1) > 0;
    return isRunning && row.started_at !== null
      ? (this._askAt.get(keyOf(row)) ??
          endOf(row.started_at, row, this._percent))
      : null;
  }

  private _forgetOthers(keys: ReadonlySet<string>): void {
    for (const key of this._askAt.keys()) {
      if (!keys.has(key)) {
        this._askAt.delete(key);
      }
    }
  }

  /** Ask which tasks of an array run, and tell of those that are so far. */
  private async _ask(row: JobRow, key: string): Promise<void> {
    // Not twice at a time, and not at once if nobody answers.
    this._askAt.set(key, Date.now() + AGAIN_MS);
    // A server that does not answer is asked again by and by.
    const tasks = await this._runningTasks(row.id).catch(() => []);
    const dues = tasks.flatMap(({ started_at }) =>
      started_at === null ? [] : [endOf(started_at, row, this._percent)]
    );
    const now = Date.now();
    const near = dues.filter(due => due <= now).length;
    if (this.isDisposed || this._percent === 0) {
      return;
    }
    const told = this._memory.recall();
    if (near > 0 && !told.has(key)) {
      this._memory.remember(new Set([...told, key]));
      this._near.emit([{ row, tasks: near }]);
    } else if (dues.length > 0) {
      this._askAt.set(key, Math.max(now + AGAIN_MS, Math.min(...dues)));
    }
    this._look();
  }

  private readonly _jobs: LimitWatch.IOptions['jobs'];
  private readonly _memory: LimitWatch.IMemory;
  private readonly _runningTasks: LimitWatch.IOptions['runningTasks'];
  private readonly _near = new Signal<this, readonly NearLimit[]>(this);
  /** When the tasks of an array are to be asked for again, by its key. */
  private readonly _askAt = new Map<string, number>();
  private _percent = 0;
  private readonly _alarm = new Alarm(() => this._look());
}

export namespace LimitWatch {
  export interface IOptions {
    /** The jobs that are not over. */
    jobs: {
      readonly snapshot: IWatchSnapshot;
      readonly changed: ISignal<unknown, IWatchSnapshot>;
    };
    /** Asks for the tasks of an array that run, the first of them if they are very many. */
    runningTasks: (id: string) => Promise<readonly ArrayTask[]>;
    /** Remembers beyond the life of the page what was told. */
    memory: IMemory;
  }

  /** Which limits of jobs that still run were told. */
  export interface IMemory {
    recall(): ReadonlySet<string>;
    remember(told: ReadonlySet<string>): void;
  }
}

/** When so much of the time of a job, or of a task, is used. */
function endOf(startedAt: string, row: JobRow, percent: number): number {
  return Date.parse(startedAt) + row.walltime_seconds * 10 * percent;
}

/** One limit of one run of a job: of another limit, or another run, is told again. */
function keyOf({ id, started_at, walltime_seconds }: JobRow): string {
  return `${id} ${started_at} ${walltime_seconds}`;
}
