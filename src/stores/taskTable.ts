import { Throttler } from '@lumino/polling';

import type { ArrayTask, TaskCounts } from '../model/contract';
import { ALL_TASKS } from '../model/taskColumns';
import type { TaskChoice } from '../model/taskColumns';
import type { IBatchClient } from '../tokens';
import { SnapshotStore } from './snapshotStore';

/** So many tasks come at a time. */
const PAGE = 100;

/** So many pages are kept, besides those in sight. */
const KEPT_PAGES = 40;

/** While tasks change, the server is asked again no more often than this. */
const AGAIN_MS = 1_000;

/** What is known of the tasks of an array. Frozen; the tasks are had by `row`. */
export interface ITaskTable {
  readonly choice: TaskChoice;
  /** How many tasks fit; null before that is known. */
  readonly total: number | null;
  /** An answer is waited for. */
  readonly isLoading: boolean;
  readonly error: Error | null;
  /** Grows whenever a task may be another. */
  readonly version: number;
}

/**
 * The tasks of an array of any size, of which only what is in sight is known here.
 *
 * The server selects and sorts. Nothing is asked while nobody looks.
 */
export class TaskTable extends SnapshotStore<ITaskTable> {
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

  override dispose(): void {
    this._again.dispose();
    super.dispose();
  }

  /** The task at a place of the list; undefined while that is not known. */
  row(place: number): ArrayTask | undefined {
    return this._pages.get(Math.floor(place / PAGE))?.[place % PAGE];
  }

  /** Note how many tasks are where by now. */
  expect(counts: TaskCounts): void {
    const written = JSON.stringify(counts);
    if (written !== this._written) {
      this._written = written;
      if (this._isShown) {
        // What waits when this is disposed is rejected: nobody needs it.
        this._again.invoke().catch(() => undefined);
      } else {
        this._asked.clear();
      }
    }
  }

  /** Show other tasks, or in another order. */
  async choose(choice: TaskChoice): Promise<void> {
    this._isOtherList = true;
    this.publish({ choice, error: null });
    await this.refresh();
  }

  /** These places are in sight. */
  show(first: number, last: number): void {
    this._isShown = true;
    this._sight = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
    void this._fill();
  }

  /** Nobody looks any more. */
  hide(): void {
    this._isShown = false;
  }

  /** Ask again for all that is in sight. Never rejects: see `snapshot.error`. */
  async refresh(): Promise<void> {
    this._generation += 1;
    this._asked.clear();
    await this._fill();
  }

  private get _numbersInSight(): number[] {
    const [first, last] = this._sight;
    return Array.from({ length: last - first + 1 }, (_, n) => first + n);
  }

  /** Ask for what is in sight and was not asked for. */
  private async _fill(): Promise<void> {
    const generation = this._generation;
    const missing = this._numbersInSight.filter(n => !this._asked.has(n));
    if (missing.length === 0) {
      return;
    }
    missing.forEach(number => this._asked.add(number));
    this.publish({ isLoading: true });
    try {
      await Promise.all(missing.map(number => this._ask(number, generation)));
    } catch (error) {
      if (generation === this._generation) {
        missing.forEach(number => this._asked.delete(number));
        this.publish({ isLoading: false });
        this.fail(error);
      }
    }
  }

  private async _ask(number: number, generation: number): Promise<void> {
    const { phases, sort, descending } = this.snapshot.choice;
    const answer = await this._client.listTasks(this._jobId, {
      phase: phases,
      sort,
      descending,
      offset: number * PAGE,
      limit: PAGE
    });
    if (this.isDisposed || generation !== this._generation) {
      return;
    }
    if (this._isOtherList) {
      // Until now the tasks of the list before were shown.
      this._isOtherList = false;
      this._pages.clear();
    }
    this._pages.delete(number);
    this._pages.set(number, answer.tasks);
    this._evict();
    this.publish({
      total: answer.total,
      isLoading: false,
      error: null,
      version: this.snapshot.version + 1
    });
  }

  /** Forget the pages that were had longest ago, but none in sight. */
  private _evict(): void {
    for (const number of this._pages.keys()) {
      if (this._pages.size <= KEPT_PAGES) {
        return;
      }
      if (!this._numbersInSight.includes(number)) {
        this._pages.delete(number);
        this._asked.delete(number);
      }
    }
  }

  private readonly _client: Pick<IBatchClient, 'listTasks'>;
  private readonly _jobId: string;
  private readonly _pages = new Map<number, readonly ArrayTask[]>();
  private readonly _asked = new Set<number>();
  private readonly _again = new Throttler(() => this.refresh(), {
    edge: 'trailing',
    limit: AGAIN_MS
  });
  private _sight: readonly [number, number] = [0, 0];
  private _generation = 0;
  private _written = '';
  private _isShown = false;
  /** What is known is of the choice before. */
  private _isOtherList = false;
}

export namespace TaskTable {
  export interface IOptions {
    client: Pick<IBatchClient, 'listTasks'>;
    jobId: string;
  }
}
