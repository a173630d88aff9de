import type { IClusterClient } from '../clusterTokens';
import type { Cluster } from '../model/contract';
import { isFinal } from '../model/phase';
import { AskingStore } from './snapshotStore';
import type { JobWatch } from './watch';

/** Dask clusters that are not over. Frozen: a change makes a new one. */
export interface IClusterWatchSnapshot {
  readonly clusters: readonly Cluster[];
  /** Why they could not be had last. */
  readonly error: Error | null;
}

/**
 * Dask clusters from afar: which there are.
 *
 * Nothing is loaded while there are none. They are listed when the watch of jobs hears that one has changed, and as by somebody who does not
 * look: no gateway is asked for their figures because of it.
 */
export class ClusterWatch extends AskingStore<IClusterWatchSnapshot> {
  constructor(
    private readonly _getClient: () => Promise<IClusterClient>,
    private readonly _jobs: JobWatch
  ) {
    super({ clusters: [], error: null });
    _jobs.changed.connect(this._onJobs, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._jobs.changed.disconnect(this._onJobs, this);
      super.dispose();
    }
  }

  protected async ask(): Promise<Partial<IClusterWatchSnapshot>> {
    this._heard = this._jobs.snapshot.clustersSeq;
    const client = await this._getClient();
    const { clusters } = await client.list(false);
    return {
      clusters: Object.freeze(clusters.filter(({ phase }) => !isFinal(phase))),
      error: null
    };
  }

  private _onJobs(): void {
    if (this._jobs.snapshot.clustersSeq !== this._heard) {
      void this.refresh();
    }
  }

  /** Which change of a cluster was heard of when they were listed last. */
  private _heard = 0;
}
