import type { IDisposable } from '@lumino/disposable';
import { Throttler } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { BatchError } from '../api/errors';
import { Visibility } from '../api/visibility';
import type { Changes, JobCounts, JobRow, Phase } from '../model/contract';
import { isFinal } from '../model/phase';
import { tallyOf } from '../model/tasks';
import type { IBatchClient } from '../tokens';

/** So many jobs are had at first. */
const WINDOW = 100;

/** However fast jobs change, the server is asked no more often than this. */
const AGAIN_MS = 1_000;

const ACTIVE: readonly Phase[] = [
  'EXECUTING',
  'SUSPENDED',
  'QUEUED',
  'HELD',
  'PENDING',
  'UNKNOWN'
];

/** What a user who looks elsewhere wants to hear. */
export type JobNews = Readonly<{
  kind: 'finished' | 'failed' | 'tasks_failed';
  row: JobRow;
}>;

/** What is known without anybody looking. Frozen. */
export interface IWatchSnapshot {
  /** Null before that is known. */
  readonly counts: JobCounts | null;
  /** Jobs that are not over, newest first. */
  readonly active: readonly JobRow[];
  /** The number of the last change of a Dask cluster; 0 if there never was one. */
  readonly clustersSeq: number;
}

/**
 * Jobs from afar: how many there are, which are not over, and what happens to them.
 *
 * Costs one question at the beginning and one after an event; no poll.
 */
export class JobWatch implements IDisposable {
  constructor({ client, memory }: JobWatch.IOptions) {
    this._client = client;
    this._memory = memory;
    client.hinted.connect(this._onHint, this);
    this._visibility.shown.connect(this._onHint, this);
  }

  get snapshot(): IWatchSnapshot {
    return this._snapshot;
  }

  get changed(): ISignal<this, IWatchSnapshot> {
    return this._changed;
  }

  /** What happened, together where it came together; first what did while nobody was here. */
  get happened(): ISignal<this, readonly JobNews[]> {
    return this._happened;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._again.dispose();
    this._client.hinted.disconnect(this._onHint, this);
    this._visibility.dispose();
    Signal.clearData(this);
  }

  /** Ask what there is. Never rejects: a server that is away is asked again after its next event. */
  async refresh(): Promise<void> {
    try {
      await (this._storeId === null ? this._begin() : this._follow());
    } catch (error) {
      if (!(error instanceof BatchError)) {
        throw error;
      }
      if (error.status === 410) {
        this._storeId = null;
        await this.refresh();
      }
    }
  }

  private _onHint(): void {
    void this._again.invoke();
  }

  private async _begin(): Promise<void> {
    const answer = await this._client.listJobs({ limit: WINDOW });
    const rows = new Map(answer.rows.map(row => [row.id, row]));
    if (answer.cursor !== null) {
      const others = await this._client.listJobs({
        phase: ACTIVE,
        limit: WINDOW
      });
      others.rows.forEach(row => rows.set(row.id, row));
    }
    if (this._isDisposed) {
      return;
    }
    const told = this._memory.recall(answer.store_id);
    this._storeId = answer.store_id;
    this._seq = answer.seq;
    this._rows.clear();
    this._over.clear();
    rows.forEach(row => this._take(row));
    this._newest = answer.rows.reduce(
      (newest, { id }) => (id > newest ? id : newest),
      ''
    );
    this._publish(answer);
    if (told !== null) {
      const since = answer.rows.filter(({ revision }) => revision > told);
      // Nobody knows whether the tasks that failed were told.
      this._tell(since.flatMap(row => newsOf(row, row)));
    }
    this._memory.remember(answer.store_id, answer.seq);
  }

  private async _follow(): Promise<void> {
    const storeId = this._storeId ?? '';
    const news: JobNews[] = [];
    for (;;) {
      const changes = await this._client.getChanges({
        since: this._seq,
        store_id: storeId
      });
      if (this._isDisposed) {
        return;
      }
      for (const row of changes.rows) {
        if (!this._over.has(row.id)) {
          news.push(...newsOf(this._before(row), row));
        }
        this._take(row);
      }
      const isSame = changes.seq === this._seq;
      this._seq = changes.seq;
      this._publish(changes);
      if (!changes.more || isSame) {
        break;
      }
    }
    this._tell(news);
    this._memory.remember(storeId, this._seq);
  }

  /** What was known of a job; undefined if it came since the beginning. */
  private _before(row: JobRow): JobRow | undefined {
    // What was out of sight then is news only when it ends.
    return this._rows.get(row.id) ?? (row.id > this._newest ? undefined : row);
  }

  private _take(row: JobRow): void {
    if (isFinal(row.phase)) {
      this._rows.delete(row.id);
      this._over.add(row.id);
    } else {
      this._rows.set(row.id, row);
      this._over.delete(row.id);
    }
  }

  private _tell(news: readonly JobNews[]): void {
    if (news.length > 0) {
      this._happened.emit(news);
    }
  }

  private _publish(answer: Pick<Changes, 'counts' | 'clusters_seq'>): void {
    this._snapshot = Object.freeze({
      counts: answer.counts,
      clustersSeq: answer.clusters_seq,
      active: [...this._rows.values()].sort((one, other) =>
        one.id < other.id ? 1 : -1
      )
    });
    this._changed.emit(this._snapshot);
  }

  private readonly _client: IBatchClient;
  private readonly _visibility = new Visibility();
  private readonly _memory: JobWatch.IMemory;
  private readonly _changed = new Signal<this, IWatchSnapshot>(this);
  private readonly _happened = new Signal<this, readonly JobNews[]>(this);
  private readonly _again = new Throttler(() => this.refresh(), {
    edge: 'trailing',
    limit: AGAIN_MS
  });
  private readonly _rows = new Map<string, JobRow>();
  /** Of what ended here; what it used is known later, which is no news. */
  private readonly _over = new Set<string>();
  private _snapshot: IWatchSnapshot = Object.freeze({
    counts: null,
    active: [],
    clustersSeq: 0
  });
  private _storeId: string | null = null;
  /** Jobs with greater ids came after the beginning. */
  private _newest = '';
  private _seq = 0;
  private _isDisposed = false;
}

export namespace JobWatch {
  export interface IOptions {
    client: IBatchClient;
    /** Remembers beyond the life of the page what was told. */
    memory: IMemory;
  }

  /** Up to which change of which store everything was told. */
  export interface IMemory {
    /** @returns null if nothing is remembered of that store. */
    recall(storeId: string): number | null;
    remember(storeId: string, seq: number): void;
  }
}

/** What a change of a job is to somebody who looks elsewhere. */
function newsOf(before: JobRow | undefined, row: JobRow): JobNews[] {
  if (row.seen) {
    return [];
  }
  if (row.phase === 'COMPLETED') {
    return [{ kind: 'finished', row }];
  }
  if (row.phase === 'ERROR') {
    return [{ kind: 'failed', row }];
  }
  const failed = (known?: JobRow): number =>
    known?.array ? tallyOf(known.array).failed : 0;
  return failed(before) === 0 && failed(row) > 0
    ? [{ kind: 'tasks_failed', row }]
    : [];
}
