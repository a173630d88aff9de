import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { BatchError } from '../api/errors';
import type { JobGroup, JobRow } from '../model/contract';
import type { ChangeHint } from '../model/decode';
import type { IBatchClient, IJobsSnapshot, IJobStore } from '../tokens';
import { CADENCE, Reconciler } from './cadence';
import type { ICadence } from './cadence';
import { JobReplica } from './replica';
import { EMPTY_SNAPSHOT } from './snapshot';

/**
 * What is known of jobs now, kept true by pushed changes.
 *
 * An event is only a hint: what changed is asked of the server, one question at a time. Because
 * events can be lost unseen, a poll asks as well.
 */
export class JobStore implements IJobStore {
  constructor(options: JobStore.IOptions) {
    const { client, shown, connectionFailure } = options;
    this._client = client;
    this._shown = shown;
    this._connectionFailure = connectionFailure;
    this._cadence = options.cadence ?? CADENCE;
    this._replica = new JobReplica(client);
    this._reconciler = new Reconciler(() => this._reconcile(), this._cadence);
    client.hinted.connect(this._onHint, this);
    client.connectionFailed.connect(this._onConnectionFailed, this);
    connectionFailure?.connect(this._onConnectionFailed, this);
    shown?.connect(this._onShown, this);
  }

  get snapshot(): IJobsSnapshot {
    return this._snapshot;
  }

  get changed(): ISignal<this, IJobsSnapshot> {
    return this._changed;
  }

  get dropped(): ISignal<this, readonly string[]> {
    return this._dropped;
  }

  get disposed(): ISignal<this, void> {
    return this._disposed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._client.hinted.disconnect(this._onHint, this);
    this._client.connectionFailed.disconnect(this._onConnectionFailed, this);
    this._connectionFailure?.disconnect(this._onConnectionFailed, this);
    this._shown?.disconnect(this._onShown, this);
    this._reconciler.dispose();
    this._disposed.emit();
    Signal.clearData(this);
  }

  attach(): IDisposable {
    this._users += 1;
    if (this._users === 1 && !this._isDisposed) {
      this._publish({ state: 'loading' });
      this._reconciler.start();
    }
    return new DisposableDelegate(() => this._detach());
  }

  row(id: string): JobRow | undefined {
    return this._replica.row(id);
  }

  async fetchRow(id: string): Promise<JobRow> {
    const job = await this._client.getJob(id);
    this.accept(job);
    return this._replica.row(id) ?? job;
  }

  async loadMore(group: JobGroup): Promise<void> {
    try {
      await this._replica.loadMore(group);
    } finally {
      this._publish({});
    }
  }

  accept(row: JobRow): void {
    if (!this._isDisposed && this._replica.accept(row)) {
      this._publish({});
    }
  }

  drop(ids: readonly string[]): void {
    if (!this._isDisposed) {
      this._replica.drop(ids);
      this._publish({});
      this._dropped.emit(ids);
    }
  }

  async refresh(): Promise<void> {
    this._replica.listAgain();
    await Promise.all([this._refreshGateways(), this._sync()]);
  }

  private get _isAttached(): boolean {
    return this._users > 0 && !this._isDisposed;
  }

  private _detach(): void {
    this._users -= 1;
    if (this._users === 0 && !this._isDisposed) {
      this._reconciler.stop();
      this._publish({ state: 'idle', staleSince: null });
    }
  }

  private _onHint(_: IBatchClient, hint: ChangeHint): void {
    if (!this._isAttached) {
      return;
    }
    this._reconciler.calm();
    if (this._replica.isNews(hint)) {
      void this._sync();
    }
  }

  private _onConnectionFailed(): void {
    if (this._isAttached) {
      this._reconciler.alert();
    }
  }

  private _onShown(): void {
    if (this._isAttached) {
      this._reconciler.start();
    }
  }

  private async _reconcile(): Promise<boolean> {
    if (!this._isAttached) {
      return true;
    }
    const isOld =
      Date.now() - this._gatewaysAskedAt >= this._cadence.calmMs * 0.9;
    if (isOld || this._snapshot.state !== 'live') {
      void this._refreshGateways();
    }
    return this._sync();
  }

  /** Ask what changed; while that runs, further calls are one question more. */
  private _sync(): Promise<boolean> {
    if (this._syncing) {
      this._isSyncWanted = true;
      return this._syncing;
    }
    this._syncing = this._syncUntilDone();
    return this._syncing;
  }

  private async _syncUntilDone(): Promise<boolean> {
    try {
      do {
        this._isSyncWanted = false;
        const { gatewaysSeq } = this._replica;
        await this._replica.sync();
        this._answeredAt = Date.now();
        if (this._replica.gatewaysSeq !== gatewaysSeq) {
          void this._refreshGateways();
        }
        this._publish({
          state: this._users > 0 ? 'live' : 'idle',
          staleSince: null,
          error: null
        });
      } while (this._isSyncWanted && !this._isDisposed);
      return true;
    } catch (error) {
      this._fail(error);
      return false;
    } finally {
      this._syncing = null;
    }
  }

  private _fail(error: unknown): void {
    if (this._isDisposed) {
      return;
    }
    this._publish({
      state: this._users > 0 ? 'stale' : 'idle',
      staleSince: this._snapshot.staleSince ?? this._answeredAt ?? Date.now(),
      error: error instanceof Error ? error : new Error(String(error))
    });
    this._onConnectionFailed();
  }

  private async _refreshGateways(): Promise<void> {
    if (this._isAskingGateways) {
      return;
    }
    this._isAskingGateways = true;
    this._gatewaysAskedAt = Date.now();
    try {
      const gateways = await this._client.listGateways();
      this._publish({
        gateways: Object.freeze(gateways),
        areGatewaysKnown: true
      });
    } catch (error) {
      // the jobs' own call tells when the server is away; known gateways stay
      this._gatewaysAskedAt = 0;
      if (!(error instanceof BatchError)) {
        throw error;
      }
    } finally {
      this._isAskingGateways = false;
    }
  }

  private _publish(changes: Partial<IJobsSnapshot>): void {
    if (this._isDisposed) {
      return;
    }
    const next: IJobsSnapshot = Object.freeze({
      ...this._snapshot,
      ...this._replica.state(),
      ...changes
    });
    const names = Object.keys(next) as (keyof IJobsSnapshot)[];
    if (names.some(name => next[name] !== this._snapshot[name])) {
      this._snapshot = next;
      this._changed.emit(next);
    }
  }

  private readonly _client: IBatchClient;
  private readonly _replica: JobReplica;
  private readonly _reconciler: Reconciler;
  private readonly _cadence: ICadence;
  private readonly _shown: JobStore.IOptions['shown'];
  private readonly _connectionFailure: JobStore.IOptions['connectionFailure'];
  private readonly _changed = new Signal<this, IJobsSnapshot>(this);
  private readonly _dropped = new Signal<this, readonly string[]>(this);
  private readonly _disposed = new Signal<this, void>(this);
  private _snapshot: IJobsSnapshot = EMPTY_SNAPSHOT;
  private _users = 0;
  private _isDisposed = false;
  private _syncing: Promise<boolean> | null = null;
  private _isSyncWanted = false;
  private _isAskingGateways = false;
  private _gatewaysAskedAt = 0;
  /** When what is shown was so, in ms since the epoch. */
  private _answeredAt: number | null = null;
}

export namespace JobStore {
  export interface IOptions {
    client: IBatchClient;
    /** The document is looked at again. */
    shown?: ISignal<unknown, unknown>;
    /** Another part of JupyterLab could not reach the server. */
    connectionFailure?: ISignal<unknown, unknown>;
    cadence?: ICadence;
  }
}
