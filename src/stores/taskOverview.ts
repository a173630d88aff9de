import { Throttler } from '@lumino/polling';

import type {
  TaskCauses,
  TaskCounts,
  TaskRun,
  TaskUsage
} from '../model/contract';
import { overOf, tallyOf } from '../model/tasks';
import type { IJobDetails } from '../tokens';
import { SnapshotStore } from './snapshotStore';

const INTERVAL_MS = 1_000;

/** What is shown of all tasks of an array together. Frozen: a change makes a new one. */
export interface ITaskOverview {
  /** Where they are, as runs of neighbours; null before the first answer. */
  readonly runs: readonly TaskRun[] | null;
  /** Why some failed; null before the first answer. */
  readonly causes: TaskCauses | null;
  /** What those that are over used; null before the first answer. */
  readonly usage: TaskUsage | null;
  readonly error: Error | null;
}

/** Nothing is known yet. */
export const NO_OVERVIEW: ITaskOverview = Object.freeze({
  runs: null,
  causes: null,
  usage: null,
  error: null
});

/** All tasks of one array at a glance; asked for at most once a second, and when they changed. */
export class TaskOverviewStore extends SnapshotStore<ITaskOverview> {
  constructor(options: TaskOverviewStore.IOptions) {
    super(NO_OVERVIEW);
    this._details = options.details;
    this._jobId = options.jobId;
    this._throttler = new Throttler(() => this._refresh(), {
      limit: options.intervalMs ?? INTERVAL_MS,
      edge: 'trailing'
    });
  }

  override dispose(): void {
    this._throttler.dispose();
    super.dispose();
  }

  /** Note how many tasks are where by now. */
  expect(counts: TaskCounts): void {
    const written = JSON.stringify(counts);
    if (written !== this._written) {
      this._written = written;
      const tally = tallyOf(counts);
      this._wanted = { failed: tally.failed, over: overOf(tally) };
      this.refresh();
    }
  }

  /** Ask again soon. */
  refresh(): void {
    // What waits when this is disposed is rejected: nobody needs it.
    this._throttler.invoke().catch(() => undefined);
  }

  private async _refresh(): Promise<void> {
    const { failed, over } = this._wanted;
    try {
      const { runs } = await this._details.getTaskPhases(this._jobId);
      this.publish({ runs, error: null });
      if (over !== this._known.over) {
        const usage = await this._details.getTaskUsage(this._jobId);
        this.publish({ usage });
      }
      if (failed !== this._known.failed) {
        const causes = await this._details.getTaskCauses(this._jobId);
        this.publish({ causes });
      }
      this._known = { failed, over };
    } catch (error) {
      this.fail(error);
    }
  }

  private readonly _details: IJobDetails;
  private readonly _jobId: string;
  private readonly _throttler: Throttler<void>;
  private _written = '';
  private _wanted = { failed: 0, over: 0 };
  private _known = { failed: 0, over: 0 };
}

export namespace TaskOverviewStore {
  export interface IOptions {
    details: IJobDetails;
    jobId: string;
    intervalMs?: number;
  }
}
