import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IClusterClient } from '../clusterTokens';
import { canUse, SILENT_LONG_MS } from '../model/cluster';
import type { Cluster, ClusterWarning } from '../model/contract';
import { isFinal } from '../model/phase';
import { Alarm } from './alarm';

/** So long before a cluster stops for want of work that is told, or a quarter of what it may be idle. */
const STOPS_SOON_MS = 10 * 60_000;

/** What somebody who looks elsewhere should know of a cluster. */
export type ClusterNews =
  | Readonly<{ kind: 'warning'; cluster: Cluster; warning: ClusterWarning }>
  | Readonly<{
      kind: 'silent' | 'stops_soon' | 'stopped' | 'failed';
      cluster: Cluster;
    }>;

/** Something to tell from a moment on, once under its key. */
interface IDue {
  readonly news: ClusterNews;
  readonly dueMs: number;
  readonly key: string;
}

/**
 * Tells what becomes of clusters, each thing once.
 *
 * It asks when it is told to; a timer waits for what comes by itself, such as a stop.
 */
export class ClusterNewsWatch implements IDisposable {
  constructor({ client, memory }: ClusterNewsWatch.IOptions) {
    this._client = client;
    this._memory = memory;
  }

  /** What happened, together where it came together. */
  get happened(): ISignal<this, readonly ClusterNews[]> {
    return this._happened;
  }

  get isDisposed(): boolean {
    return this._alarm.isDisposed;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._alarm.dispose();
      Signal.clearData(this);
    }
  }

  /** Ask how clusters are. Never rejects: a server that is away is asked after its next event. */
  async refresh(): Promise<void> {
    const list = await this._client.list(false).catch(() => null);
    if (list && !this.isDisposed) {
      this._clusters = list.clusters;
      this._look();
    }
  }

  private _look(): void {
    const now = Date.now();
    const before = this._memory.recall();
    const here = new Set(this._clusters.map(({ id }) => id));
    const told = new Set([...before].filter(key => here.has(idOf(key))));
    const due = this._clusters.flatMap(cluster => dueOf(cluster, told));
    const fresh = due.filter(
      ({ key, dueMs }) => dueMs <= now && !told.has(key)
    );
    const running = this._clusters.filter(({ phase }) => !isFinal(phase));
    fresh.forEach(({ key }) => told.add(key));
    running.forEach(({ id }) => told.add(seenKey(id)));
    if (told.size !== before.size || [...told].some(key => !before.has(key))) {
      this._memory.remember(told);
    }
    this._alarm.set(due.map(({ dueMs }) => dueMs));
    if (fresh.length > 0) {
      this._happened.emit(fresh.map(({ news }) => news));
    }
  }

  private readonly _client: ClusterNewsWatch.IOptions['client'];
  private readonly _memory: ClusterNewsWatch.IMemory;
  private readonly _happened = new Signal<this, readonly ClusterNews[]>(this);
  private _clusters: readonly Cluster[] = [];
  private readonly _alarm = new Alarm(() => this._look());
}

export namespace ClusterNewsWatch {
  export interface IOptions {
    client: Pick<IClusterClient, 'list'>;
    /** Remembers beyond the life of the page what was told. */
    memory: IMemory;
  }

  /** What was told of which clusters. */
  export interface IMemory {
    recall(): ReadonlySet<string>;
    remember(told: ReadonlySet<string>): void;
  }
}

/** What there is to tell of a cluster, now or by and by. */
function dueOf(cluster: Cluster, told: ReadonlySet<string>): readonly IDue[] {
  const { id, phase, stale_since, idle_since, idle_stop_at } = cluster;
  if (isFinal(phase)) {
    // Nobody asked for the end of one that ended by itself; what ended before is no news.
    const kind = phase === 'ERROR' ? 'failed' : 'stopped';
    const isNews = phase !== 'ABORTED' && told.has(seenKey(id));
    return isNews
      ? [{ news: { kind, cluster }, dueMs: 0, key: `${id} over` }]
      : [];
  }
  const due: IDue[] = [];
  if (stale_since !== null) {
    due.push({
      news: { kind: 'silent', cluster },
      dueMs: Date.parse(stale_since) + SILENT_LONG_MS,
      key: `${id} silent ${stale_since}`
    });
  }
  if (!canUse(cluster)) {
    return due;
  }
  if (idle_since !== null && idle_stop_at !== null) {
    const [since, stop] = [Date.parse(idle_since), Date.parse(idle_stop_at)];
    due.push({
      news: { kind: 'stops_soon', cluster },
      dueMs: stop - Math.min(STOPS_SOON_MS, (stop - since) / 4),
      key: `${id} idle ${idle_since}`
    });
  }
  return [
    ...due,
    ...cluster.warnings.map((warning): IDue => ({
      news: { kind: 'warning', cluster, warning },
      dueMs: 0,
      key: `${id} ${warning.code}`
    }))
  ];
}

function seenKey(id: string): string {
  return `${id} seen`;
}

function idOf(key: string): string {
  return key.slice(0, key.indexOf(' '));
}
