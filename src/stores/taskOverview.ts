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

/** What answers depend on: counts, and the last revision that may tell more of tasks that are over. */
type Basis = Readonly<{ failed: number; over: number; late: number }>;

const NOTHING: Basis = { failed: 0, over: 0, late: 0 };

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

  /**
   * Note how many tasks are where by now.
   *
   * What they used, and whether that is why they were killed, may be known later than that they are
   * over: where a newer `revision` changes no count, or none will change any more, all is asked again.
   */
  expect(counts: TaskCounts, revision: number): void {
    if (revision === this._revision) {
      return;
    }
    const written = JSON.stringify(counts);
    const tally = tallyOf(counts);
    const [failed, over] = [tally.failed, overOf(tally)];
    const isLate = written === this._written || over === tally.size;
    const late = isLate ? revision : this._wanted.late;
    this._revision = revision;
    this._written = written;
    this._wanted = { failed, over, late };
    this.refresh();
  }

  /** Ask again soon. */
  refresh(): void {
    // What waits when this is disposed is rejected: nobody needs it.
    this._throttler.invoke().catch(() => undefined);
  }

  private async _refresh(): Promise<void> {
    const wanted = this._wanted;
    const known = this._known;
    const isLate = wanted.late !== known.late;
    try {
      const { runs } = await this._details.getTaskPhases(this._jobId);
      this.publish({ runs, error: null });
      if (wanted.over !== known.over || (isLate && wanted.over > 0)) {
        const usage = await this._details.getTaskUsage(this._jobId);
        this.publish({ usage });
      }
      if (wanted.failed !== known.failed || (isLate && wanted.failed > 0)) {
        const causes = await this._details.getTaskCauses(this._jobId);
        this.publish({ causes });
      }
      this._known = wanted;
    } catch (error) {
      this.fail(error);
    }
  }

  private readonly _details: IJobDetails;
  private readonly _jobId: string;
  private readonly _throttler: Throttler<void>;
  private _written = '';
  private _revision = -1;
  private _wanted = NOTHING;
  private _known = NOTHING;
}

export namespace TaskOverviewStore {
  export interface IOptions {
    details: IJobDetails;
    jobId: string;
    intervalMs?: number;
  }
}
