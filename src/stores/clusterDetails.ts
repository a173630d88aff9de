import { Poll } from '@lumino/polling';

import type { IClusterClient } from '../clusterTokens';
import type {
  ClusterOffer,
  ClusterProgress,
  ClusterWorkerList
} from '../model/contract';
import { AskingStore } from './snapshotStore';

/** So often it is asked while somebody looks. */
const INTERVAL_MS = 2_000;

/** What is seen of one cluster besides what the list says. Frozen: a change makes a new one. */
export interface IClusterDetails {
  /** Null before they were heard, and where the gateway does not tell them. */
  readonly workers: ClusterWorkerList | null;
  readonly progress: ClusterProgress | null;
  readonly error: Error | null;
}

/** The workers and the progress of one cluster, asked for while it runs and somebody looks. */
export class ClusterDetailsStore extends AskingStore<IClusterDetails> {
  constructor(private readonly _options: ClusterDetailsStore.IOptions) {
    super({ workers: null, progress: null, error: null });
    const interval = _options.intervalMs ?? INTERVAL_MS;
    this._poll = new Poll({
      auto: false,
      factory: () => this.refresh(),
      frequency: { interval, backoff: false },
      name: 'jupyterlab-batch:cluster',
      standby: 'when-hidden'
    });
  }

  override dispose(): void {
    this._poll.dispose();
    super.dispose();
  }

  /**
   * Say what there is to ask for.
   *
   * @param can - what the gateway tells of its clusters; null while there is nothing to be told.
   */
  look(can: ClusterOffer['capabilities'] | null): void {
    const before = this._can;
    this._can = can && (can.workers || can.progress) ? can : null;
    if (this._can && !before) {
      void this._poll.refresh();
    } else if (!this._can && before) {
      void this._poll.stop();
    }
  }

  protected async ask(): Promise<Partial<IClusterDetails>> {
    const { client, id } = this._options;
    const can = this._can;
    if (!can) {
      return {};
    }
    const [workers, progress] = await Promise.all([
      can.workers ? client.listWorkers(id) : null,
      can.progress ? client.getProgress(id) : null
    ]);
    return { workers, progress, error: null };
  }

  protected override fail(reason: unknown): void {
    // One that ended meanwhile, or is not looked at any more, has no news.
    if (this._can) {
      super.fail(reason);
    }
  }

  private readonly _poll: Poll;
  private _can: ClusterOffer['capabilities'] | null = null;
}

export namespace ClusterDetailsStore {
  export interface IOptions {
    client: Pick<IClusterClient, 'listWorkers' | 'getProgress'>;
    id: string;
    intervalMs?: number;
  }
}
