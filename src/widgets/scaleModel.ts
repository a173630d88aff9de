import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IClusterClient, IClusterStore } from '../clusterTokens';
import { toWorkers, workersOf } from '../model/clusterForm';
import type { WorkersTexts } from '../model/clusterForm';
import type { Cluster, ClusterActionResult } from '../model/contract';
import type { FormIssue } from '../model/formIssue';
import type { IScaleState } from '../views/clusters/ScaleForm';
import type { IFormModel } from './formDialog';
import { issuesOf } from './refusedFields';

/** Another number of workers for one cluster. */
export class ScaleModel implements IFormModel, IDisposable {
  constructor(private readonly _options: ScaleModel.IOptions) {
    const { cluster } = _options;
    this._state = Object.freeze({
      cluster,
      texts: presentOf(cluster),
      formIssues: [],
      issues: [],
      refusal: null,
      error: null,
      isSubmitting: false
    });
  }

  get snapshot(): IScaleState {
    return this._state;
  }

  get changed(): ISignal<this, IScaleState> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** What came of it; null before. */
  get result(): ClusterActionResult | null {
    return this._result;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  update(changes: Partial<WorkersTexts>): void {
    const texts = Object.freeze({ ...this._state.texts, ...changes });
    const formIssues: FormIssue[] = [];
    toWorkers(texts, formIssues, '');
    this._publish({ texts, formIssues, issues: [], refusal: null });
  }

  async submit(): Promise<boolean> {
    const formIssues: FormIssue[] = [];
    const workers = toWorkers(this._state.texts, formIssues, '');
    if (formIssues.length > 0) {
      this._publish({ formIssues });
      return false;
    }
    const { client, clusters, cluster } = this._options;
    this._publish({ isSubmitting: true, error: null, refusal: null });
    try {
      const result =
        workers.kind === 'fixed'
          ? await client.scale(cluster.id, workers.count)
          : await client.adapt(cluster.id, workers.minimum, workers.maximum);
      clusters.accept(result.cluster);
      const isRefused =
        result.outcome === 'denied' || result.outcome === 'error';
      this._result = result;
      this._publish({ refusal: isRefused ? result.message : null });
      return !isRefused;
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      this._publish({ error: reason, issues: issuesOf(reason) });
      return false;
    } finally {
      this._publish({ isSubmitting: false });
    }
  }

  private _publish(changes: Partial<IScaleState>): void {
    this._state = Object.freeze({ ...this._state, ...changes });
    if (!this._isDisposed) {
      this._changed.emit(this._state);
    }
  }

  private readonly _changed = new Signal<this, IScaleState>(this);
  private _state: IScaleState;
  private _result: ClusterActionResult | null = null;
  private _isDisposed = false;
}

export namespace ScaleModel {
  export interface IOptions {
    client: IClusterClient;
    clusters: IClusterStore;
    cluster: Cluster;
  }
}

/** What is wanted of a cluster now, as it can be typed. */
function presentOf({ workers, spec }: Cluster): WorkersTexts {
  const { adaptive, minimum, maximum, wanted, ready } = workers;
  const count = wanted ?? ready ?? 1;
  const asked = workersOf(spec.workers, String(Math.max(1, count)));
  return {
    kind: adaptive ? 'adaptive' : 'fixed',
    count: String(count),
    minimum: minimum === null ? asked.minimum : String(minimum),
    maximum: maximum === null ? asked.maximum : String(maximum)
  };
}
