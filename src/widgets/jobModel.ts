import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { Gateway, Job, JobRow } from '../model/contract';
import type { IBatchClient, IJobStore } from '../tokens';

/** What is known of one job. Frozen: a change makes a new one. */
export interface IJobSnapshot {
  readonly row: JobRow | null;
  /** The details; those of an older row until newer ones have come. */
  readonly job: Job | null;
  readonly gateways: readonly Gateway[];
  /** When the server answered last, in ms since the epoch; null while it answers. */
  readonly staleSince: number | null;
  readonly error: Error | null;
}

/** One job: its row from the store, and its details, asked for when the row changes. */
export class JobModel implements IDisposable {
  constructor(options: JobModel.IOptions) {
    this._client = options.client;
    this._jobs = options.jobs;
    this._id = options.id;
    this._attached = this._jobs.attach();
    this._jobs.changed.connect(this._onJobsChanged, this);
    this._snapshot = Object.freeze({
      row: this._jobs.row(this._id) ?? null,
      job: null,
      gateways: this._jobs.snapshot.gateways,
      staleSince: this._jobs.snapshot.staleSince,
      error: null
    });
    void this.refresh();
  }

  get snapshot(): IJobSnapshot {
    return this._snapshot;
  }

  get changed(): ISignal<this, IJobSnapshot> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._attached.dispose();
    this._jobs.changed.disconnect(this._onJobsChanged, this);
    Signal.clearData(this);
  }

  /** Ask for the details; one question at a time. Never rejects: see `snapshot.error`. */
  async refresh(): Promise<void> {
    if (this._isAsking) {
      return;
    }
    this._isAsking = true;
    try {
      const job = await this._client.getJob(this._id);
      if (this._isDisposed) {
        return;
      }
      this._jobs.accept(job);
      this._publish({ job, row: this._jobs.row(this._id) ?? job, error: null });
    } catch (error) {
      this._publish({
        error: error instanceof Error ? error : new Error(String(error))
      });
    } finally {
      this._isAsking = false;
    }
    if (!this._isDisposed && this._isBehind && !this._snapshot.error) {
      void this.refresh();
    }
  }

  /** The row is newer than the details. */
  private get _isBehind(): boolean {
    const { row, job } = this._snapshot;
    return row !== null && (job === null || job.revision < row.revision);
  }

  private _onJobsChanged(): void {
    const row = this._jobs.row(this._id) ?? this._snapshot.row;
    const { gateways, staleSince } = this._jobs.snapshot;
    const known = this._snapshot;
    if (
      row !== known.row ||
      gateways !== known.gateways ||
      staleSince !== known.staleSince
    ) {
      this._publish({ row, gateways, staleSince });
      if (this._isBehind) {
        void this.refresh();
      }
    }
  }

  private _publish(changes: Partial<IJobSnapshot>): void {
    if (!this._isDisposed) {
      this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
      this._changed.emit(this._snapshot);
    }
  }

  private readonly _client: IBatchClient;
  private readonly _jobs: IJobStore;
  private readonly _id: string;
  private readonly _attached: IDisposable;
  private readonly _changed = new Signal<this, IJobSnapshot>(this);
  private _snapshot: IJobSnapshot;
  private _isAsking = false;
  private _isDisposed = false;
}

export namespace JobModel {
  export interface IOptions {
    client: IBatchClient;
    jobs: IJobStore;
    id: string;
  }
}
