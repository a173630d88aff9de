import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { ArrayTask } from '../model/contract';
import { TASKS_WINDOW } from '../model/tasks';
import type { IBatchClient } from '../tokens';

/** What is shown of the failed tasks of an array. Frozen: a change makes a new one. */
export interface ITasksSnapshot {
  /** A window, in the order of their indices. */
  readonly tasks: readonly ArrayTask[];
  /** So many failed tasks stand before the window. */
  readonly offset: number;
  /** The number of all failed tasks. */
  readonly total: number;
  readonly error: Error | null;
}

/** The failed tasks of one array; asked for when there are more or less of them. */
export class TaskStore implements IDisposable {
  constructor(options: TaskStore.IOptions) {
    this._client = options.client;
    this._jobId = options.jobId;
  }

  get snapshot(): ITasksSnapshot {
    return this._snapshot;
  }

  get changed(): ISignal<this, ITasksSnapshot> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  /** Note how many tasks have failed by now. */
  expect(count: number): void {
    if (count !== this._expected) {
      this._expected = count;
      void this.refresh();
    }
  }

  /** Show the window that begins behind so many failed tasks. */
  async goTo(offset: number): Promise<void> {
    this._offset = offset;
    await this.refresh();
  }

  /** Ask again; one question at a time. Never rejects: see `snapshot.error`. */
  async refresh(): Promise<void> {
    this._isBehind = true;
    if (this._isAsking) {
      return;
    }
    this._isAsking = true;
    while (this._isBehind && !this._isDisposed) {
      this._isBehind = false;
      await this._ask(this._offset);
    }
    this._isAsking = false;
  }

  private async _ask(offset: number): Promise<void> {
    try {
      const { tasks, total } = await this._client.listTasks(this._jobId, {
        phase: 'ERROR',
        offset,
        limit: TASKS_WINDOW
      });
      this._publish({ tasks, total, offset, error: null });
    } catch (error) {
      this._publish({
        error: error instanceof Error ? error : new Error(String(error))
      });
    }
  }

  private _publish(changes: Partial<ITasksSnapshot>): void {
    if (!this._isDisposed) {
      this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
      this._changed.emit(this._snapshot);
    }
  }

  private readonly _client: IBatchClient;
  private readonly _jobId: string;
  private readonly _changed = new Signal<this, ITasksSnapshot>(this);
  private _snapshot: ITasksSnapshot = Object.freeze({
    tasks: [],
    offset: 0,
    total: 0,
    error: null
  });
  private _expected = 0;
  private _offset = 0;
  private _isBehind = false;
  private _isAsking = false;
  private _isDisposed = false;
}

export namespace TaskStore {
  export interface IOptions {
    client: IBatchClient;
    jobId: string;
  }
}
