import type { ArrayTask } from '../model/contract';
import { TASKS_WINDOW } from '../model/tasks';
import type { IBatchClient } from '../tokens';
import { AskingStore } from './snapshotStore';

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
export class TaskStore extends AskingStore<ITasksSnapshot> {
  constructor(options: TaskStore.IOptions) {
    super({ tasks: [], offset: 0, total: 0, error: null });
    this._client = options.client;
    this._jobId = options.jobId;
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

  protected async ask(): Promise<ITasksSnapshot> {
    const offset = this._offset;
    const { tasks, total } = await this._client.listTasks(this._jobId, {
      phase: 'ERROR',
      offset,
      limit: TASKS_WINDOW
    });
    return { tasks, total, offset, error: null };
  }

  private readonly _client: IBatchClient;
  private readonly _jobId: string;
  private _expected = 0;
  private _offset = 0;
}

export namespace TaskStore {
  export interface IOptions {
    client: IBatchClient;
    jobId: string;
  }
}
