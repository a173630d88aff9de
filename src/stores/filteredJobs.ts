import type { IDisposable } from '@lumino/disposable';
import { Debouncer, Throttler } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { JobGroup, JobRow } from '../model/contract';
import { groupOf, JOB_GROUPS } from '../model/phase';
import { ALL_JOBS, isAll, isSameFilter, matches } from '../model/query';
import type { JobFilter } from '../model/query';
import type {
  IBatchClient,
  IJobQuery,
  IJobsSnapshot,
  IJobStore
} from '../tokens';
import { byEnd } from './snapshot';

/** So many jobs of a group come at a time. */
const WINDOW_LIMIT = 50;

/** What is typed is sent when nothing was typed for so long. */
const TYPING_MS = 200;

/** While jobs change, the server is asked again no more often than this. */
const AGAIN_MS = 1_000;

/** What the server found of one group. */
interface IFound {
  total: number;
  cursor: string | null;
}

/** The query of the server that a filter is. */
export function toJobQuery(filter: JobFilter): IJobQuery {
  return {
    phase: filter.phases,
    gateway_id: filter.gateways,
    tag: filter.tags,
    q: filter.words.length > 0 ? filter.words.join(' ') : undefined
  };
}

/**
 * The jobs of a store that fit a filter.
 *
 * What is known here is chosen here, at once and exactly; where the server knows more jobs than
 * are known here it is asked too.
 */
export class FilteredJobs implements IDisposable {
  constructor(
    private readonly _client: Pick<IBatchClient, 'listJobs'>,
    private readonly _jobs: IJobStore
  ) {
    this._snapshot = _jobs.snapshot;
    _jobs.changed.connect(this._onChanged, this);
    _jobs.dropped.connect(this._onDropped, this);
  }

  get snapshot(): IJobsSnapshot {
    return this._snapshot;
  }

  get changed(): ISignal<this, IJobsSnapshot> {
    return this._changed;
  }

  get filter(): JobFilter {
    return this._filter;
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
    this._jobs.dropped.disconnect(this._onDropped, this);
    Signal.clearData(this);
  }

  /** Show other jobs. */
  setFilter(filter: JobFilter): void {
    if (this._isDisposed || isSameFilter(filter, this._filter)) {
      return;
    }
    this._filter = filter;
    this._extra.clear();
    this._found.clear();
    this._error = null;
    this._isAsking = this._needsServer;
    if (this._isAsking) {
      void this._typed.invoke();
    }
    this._publish();
  }

  /** Show more jobs of a group. */
  async loadMore(group: JobGroup): Promise<void> {
    const cursor = this._found.get(group)?.cursor;
    if (!cursor) {
      await this._jobs.loadMore(group);
      return;
    }
    await this._ask(group, this._filter, cursor);
    this._publish();
  }

  /** There are jobs that are not known here. */
  private get _needsServer(): boolean {
    const { groups } = this._jobs.snapshot;
    return (
      !isAll(this._filter) && JOB_GROUPS.some(group => groups[group].hasMore)
    );
  }

  private _onChanged(): void {
    const { seq, state } = this._jobs.snapshot;
    if (seq !== this._askedAt && state === 'live' && this._needsServer) {
      void this._again.invoke();
    }
    this._publish();
  }

  private _onDropped(_: IJobStore, ids: readonly string[]): void {
    ids.forEach(id => this._extra.delete(id));
    this._publish();
  }

  private async _find(): Promise<void> {
    const filter = this._filter;
    if (this._isDisposed || !this._needsServer) {
      this._isAsking = false;
      return;
    }
    this._askedAt = this._jobs.snapshot.seq;
    try {
      await Promise.all(JOB_GROUPS.map(group => this._ask(group, filter)));
      this._error = null;
    } catch (error) {
      this._error = error instanceof Error ? error : new Error(String(error));
    }
    if (!this._isDisposed && filter === this._filter) {
      this._isAsking = false;
      this._publish();
    }
  }

  private async _ask(
    group: JobGroup,
    filter: JobFilter,
    cursor?: string
  ): Promise<void> {
    const answer = await this._client.listJobs({
      ...toJobQuery(filter),
      group,
      cursor,
      limit: WINDOW_LIMIT
    });
    if (this._isDisposed || filter !== this._filter) {
      return;
    }
    answer.rows.forEach(row => this._extra.set(row.id, Object.freeze(row)));
    const before = this._found.get(group);
    // A list that is asked for again does not forget how far one has gone.
    const isFurther = cursor !== undefined || !before;
    this._found.set(group, {
      total: answer.total,
      cursor: isFurther ? answer.cursor : before.cursor
    });
  }

  private _publish(): void {
    if (this._isDisposed) {
      return;
    }
    const base = this._jobs.snapshot;
    this._snapshot = isAll(this._filter) ? base : this._chosen(base);
    this._changed.emit(this._snapshot);
  }

  private _chosen(base: IJobsSnapshot): IJobsSnapshot {
    const rows = this._known(base)
      .filter(row => matches(this._filter, row))
      .sort((one, other) => (one.id < other.id ? 1 : -1));
    const groups = { ...base.groups };
    const counts = { needs_you: 0, running: 0, queued: 0, finished: 0 };
    for (const group of JOB_GROUPS) {
      const members = rows.filter(row => groupOf(row) === group);
      if (group === 'finished') {
        members.sort(byEnd);
      }
      const found = this._found.get(group);
      const total = found?.cursor ? found.total : 0;
      const hasMore = total > members.length;
      groups[group] = Object.freeze({ rows: members, hasMore });
      counts[group] = Math.max(total, members.length);
    }
    return Object.freeze({
      ...base,
      state: this._isAsking && base.state === 'live' ? 'loading' : base.state,
      groups: Object.freeze(groups),
      counts: base.counts && Object.freeze(counts),
      // How many of those that fit ended today is not asked.
      finishedToday: null,
      error: base.error ?? this._error
    });
  }

  /** All that is known, each job as it is now. */
  private _known(base: IJobsSnapshot): JobRow[] {
    const known = new Map<string, JobRow>();
    for (const row of this._extra.values()) {
      const here = this._jobs.row(row.id);
      known.set(row.id, here && here.revision > row.revision ? here : row);
    }
    for (const group of JOB_GROUPS) {
      base.groups[group].rows.forEach(row => {
        const other = known.get(row.id);
        if (!other || other.revision <= row.revision) {
          known.set(row.id, row);
        }
      });
    }
    return [...known.values()];
  }

  private readonly _changed = new Signal<this, IJobsSnapshot>(this);
  private readonly _typed = new Debouncer(() => this._find(), TYPING_MS);
  private readonly _again = new Throttler(() => this._find(), {
    edge: 'trailing',
    limit: AGAIN_MS
  });
  private readonly _extra = new Map<string, JobRow>();
  private readonly _found = new Map<JobGroup, IFound>();
  private _snapshot: IJobsSnapshot;
  private _filter: JobFilter = ALL_JOBS;
  private _error: Error | null = null;
  private _isAsking = false;
  private _askedAt = -1;
  private _isDisposed = false;
}
