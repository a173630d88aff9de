import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IClusterClient, IClusterStore } from '../clusterTokens';
import type { Cluster } from '../model/contract';
import type { IIdentifyState } from '../views/clusters/IdentifyForm';
import type { IFormModel } from './formDialog';

/** Which cluster it is whose answer was lost. */
export class IdentifyModel implements IFormModel, IDisposable {
  constructor(private readonly _options: IdentifyModel.IOptions) {
    const { cluster } = _options;
    this._state = Object.freeze({
      cluster,
      chosen: cluster.candidates?.[0]?.native_id ?? null,
      refusal: null,
      error: null,
      isSubmitting: false
    });
  }

  get snapshot(): IIdentifyState {
    return this._state;
  }

  get changed(): ISignal<this, IIdentifyState> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Choose one of the candidates; null: none. */
  choose(chosen: string | null): void {
    this._publish({ chosen, refusal: null, error: null });
  }

  async submit(): Promise<boolean> {
    const { client, clusters, cluster } = this._options;
    this._publish({ isSubmitting: true, refusal: null, error: null });
    try {
      const result = await client.identify(cluster.id, this._state.chosen);
      clusters.accept(result.cluster);
      const isRefused =
        result.outcome === 'denied' || result.outcome === 'error';
      this._publish({
        cluster: result.cluster,
        refusal: isRefused ? result.message : null
      });
      return !isRefused;
    } catch (error) {
      this._publish({
        error: error instanceof Error ? error : new Error(String(error))
      });
      return false;
    } finally {
      this._publish({ isSubmitting: false });
    }
  }

  private _publish(changes: Partial<IIdentifyState>): void {
    this._state = Object.freeze({ ...this._state, ...changes });
    if (!this._isDisposed) {
      this._changed.emit(this._state);
    }
  }

  private readonly _changed = new Signal<this, IIdentifyState>(this);
  private _state: IIdentifyState;
  private _isDisposed = false;
}

export namespace IdentifyModel {
  export interface IOptions {
    client: IClusterClient;
    clusters: IClusterStore;
    cluster: Cluster;
  }
}
