import type { IClusterClient, IClusterStore } from '../clusterTokens';
import type { ClusterOffer } from '../model/contract';
import { newDraftKey } from '../model/draft';
import { SnapshotStore } from '../stores/snapshotStore';

/** How the start of a default cluster goes. Frozen: a change makes a new one. */
export interface IStartState {
  readonly isStarting: boolean;
  readonly error: Error | null;
}

/** Starts the cluster of who chooses nothing: one for each press, whatever becomes of its answer. */
export class DefaultCluster extends SnapshotStore<IStartState> {
  constructor(
    private readonly _client: IClusterClient,
    private readonly _clusters: IClusterStore
  ) {
    super({ isStarting: false, error: null });
  }

  /** Start it; a press while that goes on does nothing. */
  async start({ id, default_spec }: ClusterOffer): Promise<void> {
    if (this.snapshot.isStarting) {
      return;
    }
    this.publish({ isStarting: true, error: null });
    try {
      const submission = { gateway_id: id, spec: default_spec };
      this._clusters.accept(await this._client.start(submission, this._key));
      this._key = newDraftKey();
    } catch (error) {
      // The next press goes out under the same key: it may have been started.
      this.fail(error);
    } finally {
      this.publish({ isStarting: false });
    }
  }

  /** Say no more why it failed. */
  forget(): void {
    this.publish({ error: null });
  }

  private _key = newDraftKey();
}
