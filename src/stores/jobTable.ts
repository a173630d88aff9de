import type { IDisposable } from '@lumino/disposable';
import { Debouncer, Throttler } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { JobRow, JobSort } from '../model/contract';
import { formatQuery } from '../model/query';
import type { JobFilter } from '../model/query';
import type { IBatchClient, IJobStore } from '../tokens';
import { toJobQuery } from './filteredJobs';

/** So many rows come at a time. */
const PAGE = 100;

/** So many pages are kept, besides those in sight. */
const KEPT_PAGES = 40;

/** What is typed is sent when nothing was typed for so long. */
const TYPING_MS = 200;

/** While jobs change, the server is asked again no more often than this. */
const AGAIN_MS = 1_000;

/** Which jobs, in which order. */
export type TableQuery = Readonly<{
  filter: JobFilter;
  sort: JobSort;
  descending: boolean;
}>;

/** What is known of a list of any length. Frozen; the rows are had by `row`. */
export interface ITableSnapshot {
  readonly query: TableQuery;
  /** How many jobs there are in the list; null before that is known. */
  readonly total: number | null;
  /** Of each phase so many fit all but the phases of the filter. */
  readonly phases: Readonly<Record<string, number>>;
  readonly isLoading: boolean;
  readonly error: Error | null;
  /** Grows whenever a row may be another. */
  readonly version: number;
}

/**
 * A list of jobs of any length of which only what is in sight is known here.
 *
 * The server selects and sorts; a job that changed is shown at once as it is, and the list is
 * asked for again soon after, for it may stand elsewhere now.
 */
export class JobTable implements IDisposable {
  constructor(
    private readonly _client: Pick<IBatchClient, 'listJobs'>,
    private readonly _jobs: IJobStore,
    query: TableQuery
  ) {
    this._snapshot = Object.freeze({
      query,
      total: null,
      phases: {},
      isLoading: true,
      error: null,
      version: 0
    });
    _jobs.changed.connect(this._onChanged, this);
  }

  get snapshot(): ITableSnapshot {
    return this._snapshot;
  }

  get changed(): ISignal<this, ITableSnapshot> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._typed.dispose();
    this._again.dispose();
    this._jobs.changed.disconnect(this._onChanged, this);
    Signal.clearData(this);
  }

  /** The job at a place of the list, as it is now; undefined while that is not known. */
  row(index: number): JobRow | undefined {
    const page = this._pages.get(Math.floor(index / PAGE));
    const row = page?.[index % PAGE];
    const newer = row && this._jobs.row(row.id);
    return newer && newer.revision > row.revision ? newer : row;
  }

  /** Where a job stands, if that is known. */
  indexOf(id: string): number | null {
    for (const [number, rows] of this._pages) {
      const place = rows.findIndex(row => row.id === id);
      if (place >= 0) {
        return number * PAGE + place;
      }
    }
    return null;
  }

  /** Show other jobs, or in another order. */
  setQuery(query: TableQuery): void {
    if (this._isDisposed || isSame(query, this._snapshot.query)) {
      return;
    }
    this._waits = true;
    this._isOtherList = true;
    this._publish({ query, isLoading: true, error: null });
    void this._typed.invoke();
  }

  /** These places are in sight. */
  show(first: number, last: number): void {
    this._sight = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
    if (!this._waits) {
      void this._fill();
    }
  }

  /** Ask again for all that is in sight. Never rejects: see `snapshot.error`. */
  async refresh(): Promise<void> {
    this._waits = false;
    this._generation += 1;
    this._asked.clear();
    await this._fill();
  }

  /** Make some places known. @returns the jobs there. */
  async load(first: number, last: number): Promise<JobRow[]> {
    const numbers: number[] = [];
    for (let n = Math.floor(first / PAGE); n <= Math.floor(last / PAGE); n++) {
      numbers.push(n);
    }
    const rows: JobRow[] = [];
    for (const number of numbers) {
      if (!this._pages.has(number)) {
        await this._ask(number);
      }
      for (let place = 0; place < PAGE; place++) {
        const index = number * PAGE + place;
        const row = this.row(index);
        if (row && index >= first && index <= last) {
          rows.push(row);
        }
      }
    }
    return rows;
  }

  private _onChanged(): void {
    const { seq, state } = this._jobs.snapshot;
    if (state === 'live' && seq !== this._seq) {
      if (this._seq === -1) {
        this._seq = seq;
      } else {
        void this._again.invoke();
      }
    }
    this._publish({ version: this._snapshot.version + 1 });
  }

  private get _numbersInSight(): number[] {
    const [first, last] = this._sight;
    return Array.from({ length: last - first + 1 }, (_, n) => first + n);
  }

  /** Ask for what is in sight and was not asked for. */
  private async _fill(): Promise<void> {
    const missing = this._numbersInSight.filter(n => !this._asked.has(n));
    missing.forEach(number => this._asked.add(number));
    const generation = this._generation;
    try {
      await Promise.all(missing.map(number => this._ask(number)));
    } catch (error) {
      missing.forEach(number => this._asked.delete(number));
      if (generation === this._generation) {
        this._publish({
          isLoading: false,
          error: error instanceof Error ? error : new Error(String(error))
        });
      }
    }
  }

  private async _ask(number: number): Promise<void> {
    const generation = this._generation;
    const { filter, sort, descending } = this._snapshot.query;
    const answer = await this._client.listJobs({
      ...toJobQuery(filter),
      sort,
      descending,
      offset: number * PAGE,
      limit: PAGE
    });
    if (this._isDisposed || generation !== this._generation) {
      return;
    }
    this._seq = Math.max(this._seq, answer.seq);
    if (this._isOtherList) {
      // Until now the rows of the list before were shown.
      this._isOtherList = false;
      this._pages.clear();
    }
    this._pages.delete(number);
    this._pages.set(number, answer.rows);
    this._evict();
    this._publish({
      total: answer.total,
      phases: answer.phases,
      isLoading: false,
      error: null,
      version: this._snapshot.version + 1
    });
  }

  /** Forget the pages that were had longest ago, but none in sight. */
  private _evict(): void {
    for (const number of this._pages.keys()) {
      if (this._pages.size <= KEPT_PAGES) {
        return;
      }
      if (!this._numbersInSight.includes(number)) {
        this._pages.delete(number);
        this._asked.delete(number);
      }
    }
  }

  private _publish(changes: Partial<ITableSnapshot>): void {
    if (!this._isDisposed) {
      this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
      this._changed.emit(this._snapshot);
    }
  }

  private readonly _changed = new Signal<this, ITableSnapshot>(this);
  private readonly _typed = new Debouncer(() => this.refresh(), TYPING_MS);
  private readonly _again = new Throttler(() => this.refresh(), {
    edge: 'trailing',
    limit: AGAIN_MS
  });
  private readonly _pages = new Map<number, readonly JobRow[]>();
  private readonly _asked = new Set<number>();
  private _snapshot: ITableSnapshot;
  private _sight: readonly [number, number] = [0, 0];
  private _generation = 0;
  private _seq = -1;
  /** What is typed is not sent yet. */
  private _waits = false;
  /** What is known is of the query before. */
  private _isOtherList = false;
  private _isDisposed = false;
}

function isSame(one: TableQuery, other: TableQuery): boolean {
  return (
    one.sort === other.sort &&
    one.descending === other.descending &&
    formatQuery(one.filter) === formatQuery(other.filter)
  );
}
