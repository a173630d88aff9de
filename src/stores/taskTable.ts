import type { ArrayTask, TaskList } from '../model/contract';
import { ALL_TASKS } from '../model/taskColumns';
import type { TaskChoice } from '../model/taskColumns';
import type { IBatchClient } from '../tokens';
import { WindowedStore } from './windowedStore';
import type { IWindowed } from './windowedStore';

/** What is known of the tasks of an array. Frozen; the tasks are had by `row`. */
export interface ITaskTable extends IWindowed {
  readonly choice: TaskChoice;
}

/** The tasks of an array of any size. Nothing is asked while nobody looks. */
export class TaskTable extends WindowedStore<ITaskTable, ArrayTask, TaskList> {
  constructor({ client, jobId }: TaskTable.IOptions) {
    super({
      choice: ALL_TASKS,
      total: null,
      isLoading: false,
      error: null,
      version: 0
    });
    this._client = client;
    this._jobId = jobId;
  }

  /** The task at a place of the list; undefined while that is not known. */
  row(place: number): ArrayTask | undefined {
    return this.rowAt(place);
  }

  /** Where a task stands, if that is known. */
  indexOf(id: string): number | null {
    return this.placeOf(({ index }) => String(index) === id);
  }

  /** Note at which revision the array is. */
  expect(revision: number): void {
    if (revision !== this._revision) {
      this._revision = revision;
      if (this._isShown) {
        this.askAgainSoon();
      } else {
        this.outdate();
      }
    }
  }

  /** Show other tasks, or in another order. */
  async choose(choice: TaskChoice): Promise<void> {
    this.becomeOther();
    this.publish({ choice, error: null });
    await this.refresh();
  }

  override show(first: number, last: number): void {
    this._isShown = true;
    super.show(first, last);
  }

  /** Nobody looks any more. */
  hide(): void {
    this._isShown = false;
  }

  protected override onAsking(): void {
    this.publish({ isLoading: true });
  }

  protected ask(offset: number, limit: number): Promise<TaskList> {
    const { phases, sort, descending } = this.snapshot.choice;
    return this._client.listTasks(this._jobId, {
      phase: phases,
      sort,
      descending,
      offset,
      limit
    });
  }

  protected take({ tasks }: TaskList) {
    return { rows: tasks, changes: {} };
  }

  private readonly _client: Pick<IBatchClient, 'listTasks'>;
  private readonly _jobId: string;
  private _revision = -1;
  private _isShown = false;
}

export namespace TaskTable {
  export interface IOptions {
    client: Pick<IBatchClient, 'listTasks'>;
    jobId: string;
  }
}
