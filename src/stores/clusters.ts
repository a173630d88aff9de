import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type {
  IClusterClient,
  IClustersSnapshot,
  IClusterStore
} from '../clusterTokens';
import type { Cluster } from '../model/contract';
import type { IJobStore } from '../tokens';
import { AskingStore } from './snapshotStore';

/** Whoever lists the clusters so often is known to look: their figures are kept fresh then. */
const LOOK_AGAIN_MS = 20_000;

/**
 * What is known of Dask clusters now.
 *
 * Jobs and clusters change under one sequence: the store of jobs follows it, with all that keeps
 * it true when events are lost, and says when a cluster may have changed. Then they are listed
 * again: they are few.
 */
export class ClusterStore
  extends AskingStore<IClustersSnapshot>
  implements IClusterStore
{
  constructor(options: ClusterStore.IOptions) {
    super({ state: 'idle', clusters: null, staleSince: null, error: null });
    this._client = options.client;
    this._jobs = options.jobs;
    this._jobs.changed.connect(this._onJobs, this);
  }

  get disposed(): ISignal<this, void> {
    return this._disposed;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._jobs.changed.disconnect(this._onJobs, this);
      this._attached?.dispose();
      this._poll.dispose();
      this._disposed.emit();
      super.dispose();
    }
  }

  attach(): IDisposable {
    this._users += 1;
    if (this._users === 1 && !this.isDisposed) {
      this.publish({ state: 'loading' });
      this._attached = this._jobs.attach();
      void this._poll.refresh();
    }
    return new DisposableDelegate(() => this._detach());
  }

  cluster(id: string): Cluster | undefined {
    return this.snapshot.clusters?.find(known => known.id === id);
  }

  async fetch(id: string): Promise<Cluster> {
    const cluster = await this._client.get(id);
    this.accept(cluster);
    return this.cluster(id) ?? cluster;
  }

  accept(cluster: Cluster): void {
    const known = this.snapshot.clusters ?? [];
    const before = known.find(({ id }) => id === cluster.id);
    if (!before || before.revision < cluster.revision) {
      const others = known.filter(({ id }) => id !== cluster.id);
      this._put([...others, cluster]);
    }
  }

  drop(id: string): void {
    const { clusters } = this.snapshot;
    if (clusters) {
      this._put(clusters.filter(known => known.id !== id));
    }
  }

  protected async ask(): Promise<Partial<IClustersSnapshot>> {
    this._hear();
    const { store_id, seq, clusters } = await this._client.list();
    const isOther = store_id !== this._storeId;
    this._storeId = store_id;
    this._seq = seq;
    return {
      clusters: isOther ? sorted(clusters) : this._merge(clusters),
      state: this._users > 0 ? 'live' : 'idle',
      error: null
    };
  }

  protected override fail(reason: unknown): void {
    super.fail(reason);
    this.publish({ state: this._users > 0 ? 'stale' : 'idle' });
  }

  /** Keep what an action has answered with since the list was made. */
  private _merge(listed: readonly Cluster[]): readonly Cluster[] {
    const newer = (this.snapshot.clusters ?? []).filter(known => {
      const other = listed.find(({ id }) => id === known.id);
      return known.revision > (other?.revision ?? this._seq);
    });
    const ids = new Set(newer.map(({ id }) => id));
    return sorted([...newer, ...listed.filter(({ id }) => !ids.has(id))]);
  }

  private _put(clusters: readonly Cluster[]): void {
    this.publish({ clusters: sorted(clusters) });
  }

  private _detach(): void {
    this._users -= 1;
    if (this._users === 0 && !this.isDisposed) {
      this._attached?.dispose();
      this._attached = null;
      void this._poll.stop();
      this.publish({ state: 'idle', staleSince: null });
    }
  }

  private _onJobs(): void {
    if (this._users === 0) {
      return;
    }
    const { staleSince } = this._jobs.snapshot;
    const isBack = this.snapshot.staleSince !== null && staleSince === null;
    if (staleSince !== this.snapshot.staleSince) {
      this.publish({ staleSince });
    }
    if (this._hear() || isBack) {
      void this.refresh();
    }
  }

  /** @returns whether clusters may have changed since the list was made. */
  private _hear(): boolean {
    const { clustersSeq, storeId } = this._jobs.snapshot;
    const before = this._heard;
    this._heard = { clustersSeq, storeId };
    return storeId === before.storeId
      ? clustersSeq > Math.max(before.clustersSeq, this._seq)
      : storeId !== this._storeId;
  }

  private readonly _client: IClusterClient;
  private readonly _jobs: IJobStore;
  private readonly _poll = new Poll({
    auto: false,
    factory: () => this.refresh(),
    frequency: { interval: LOOK_AGAIN_MS, backoff: false },
    name: 'jupyterlab-batch:clusters',
    standby: 'when-hidden'
  });
  private readonly _disposed = new Signal<this, void>(this);
  private _attached: IDisposable | null = null;
  private _users = 0;
  private _storeId = '';
  /** Up to which change the list is true. */
  private _seq = 0;
  /** Which change of a cluster was heard of last. */
  private _heard = { clustersSeq: 0, storeId: '' };
}

export namespace ClusterStore {
  export interface IOptions {
    client: IClusterClient;
    jobs: IJobStore;
  }
}

/** The id of a cluster begins with the time of its creation. */
function sorted(clusters: readonly Cluster[]): readonly Cluster[] {
  return Object.freeze(
    [...clusters].sort((one, other) => (one.id < other.id ? 1 : -1))
  );
}
