import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { JobRow } from '../model/contract';
import type { IWatchSnapshot } from './watch';

/** No timer bears more. */
const MOST_MS = 2 ** 31 - 1;

/**
 * Tells of running jobs that have used most of their time, of each once for each limit that it has.
 *
 * Nothing is asked for it: a timer waits for the job that is next. Of an array the limit is that of
 * each task, so nothing is told of it.
 */
export class LimitWatch implements IDisposable {
  constructor({ jobs, memory }: LimitWatch.IOptions) {
    this._jobs = jobs;
    this._memory = memory;
    jobs.changed.connect(this._look, this);
  }

  /** Jobs whose limit is near, together where it came together. */
  get near(): ISignal<this, readonly JobRow[]> {
    return this._near;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      clearTimeout(this._timer);
      this._jobs.changed.disconnect(this._look, this);
      Signal.clearData(this);
    }
  }

  /** Tell when so many per cent of the time are used; with 0 never. */
  setPercent(percent: number): void {
    this._percent = percent;
    this._look();
  }

  private _look(): void {
    clearTimeout(this._timer);
    const { counts, active } = this._jobs.snapshot;
    if (counts === null || this._percent === 0) {
      return;
    }
    const now = Date.now();
    const told = this._memory.recall();
    const due = active.flatMap(row => {
      const dueMs = dueOf(row, this._percent);
      return dueMs === null ? [] : [{ row, dueMs, key: keyOf(row) }];
    });
    const near = due.filter(({ dueMs, key }) => dueMs <= now && !told.has(key));
    const known = due.filter(({ dueMs, key }) => dueMs <= now || told.has(key));
    if (near.length > 0 || known.length !== told.size) {
      this._memory.remember(new Set(known.map(({ key }) => key)));
    }
    const next = Math.min(
      ...due.filter(({ dueMs }) => dueMs > now).map(({ dueMs }) => dueMs)
    );
    if (next < Infinity) {
      const wait = Math.min(MOST_MS, next - now);
      this._timer = setTimeout(() => this._look(), wait);
    }
    if (near.length > 0) {
      this._near.emit(near.map(({ row }) => row));
    }
  }

  private readonly _jobs: LimitWatch.IOptions['jobs'];
  private readonly _memory: LimitWatch.IMemory;
  private readonly _near = new Signal<this, readonly JobRow[]>(this);
  private _percent = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _isDisposed = false;
}

export namespace LimitWatch {
  export interface IOptions {
    /** The jobs that are not over. */
    jobs: {
      readonly snapshot: IWatchSnapshot;
      readonly changed: ISignal<unknown, IWatchSnapshot>;
    };
    /** Remembers beyond the life of the page what was told. */
    memory: IMemory;
  }

  /** Which limits of jobs that still run were told. */
  export interface IMemory {
    recall(): ReadonlySet<string>;
    remember(told: ReadonlySet<string>): void;
  }
}

/** When a job will have used so much of its time; null if it has none that runs. */
function dueOf(row: JobRow, percent: number): number | null {
  // One whose program has ended runs out of nothing.
  const isOver = row.phase !== 'EXECUTING' || row.substate === 'finishing';
  return isOver || row.array || row.started_at === null
    ? null
    : Date.parse(row.started_at) + row.walltime_seconds * 10 * percent;
}

/** One limit of one run of a job: of another limit, or another run, is told again. */
function keyOf({ id, started_at, walltime_seconds }: JobRow): string {
  return `${id} ${started_at} ${walltime_seconds}`;
}
