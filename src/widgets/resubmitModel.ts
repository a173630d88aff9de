import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { Issue, Job, JobRow, ResubmitPatch } from '../model/contract';
import { newDraftKey } from '../model/draft';
import { isOver } from '../model/phase';
import { hasSomeFailed } from '../model/tasks';
import { textsOf, toPatch } from '../model/resubmission';
import type { ResubmitTexts } from '../model/resubmission';
import type { IBatchClient, IJobStore } from '../tokens';
import type { IResubmitState } from '../views/job/ResubmitForm';
import { failedIndices } from './failedIndices';
import { issuesOf } from './refusedFields';
import { sendSeen } from './seenWarnings';

/** The field of the submission that each text is. */
const FIELDS: Readonly<Record<keyof ResubmitTexts, string>> = {
  name: 'spec.name',
  cores: 'spec.resources.cores',
  memory: 'spec.resources.memory_bytes',
  walltime: 'spec.resources.walltime_seconds'
};

/** One job to be run once more: at most once, however often and with whatever answer it is sent. */
export class ResubmitModel implements IDisposable {
  constructor(options: ResubmitModel.IOptions) {
    const { client, jobs, row } = options;
    this._client = client;
    this._jobs = jobs;
    this._indices = options.indices ?? null;
    this._state = Object.freeze({
      row,
      texts: Object.freeze({ ...textsOf(row), ...options.texts }),
      chosenCount: options.indices?.length ?? null,
      onlyFailed: !options.indices && hasSomeFailed(row) ? true : null,
      formIssues: [],
      issues: [],
      error: null,
      isSubmitting: false,
      hasChanged: false
    });
    this._attached = jobs.attach();
    jobs.changed.connect(this._onJobsChanged, this);
  }

  /** Sent with every try. */
  readonly key = newDraftKey();

  /** What comes of the last try; null while there was none. */
  get submitted(): Promise<Job | null> {
    return this._submitted;
  }

  get snapshot(): IResubmitState {
    return this._state;
  }

  get changed(): ISignal<this, IResubmitState> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._attached.dispose();
      this._jobs.changed.disconnect(this._onJobsChanged, this);
      Signal.clearData(this);
    }
  }

  /** Take what was typed; what the server said of a field holds until that is changed. */
  update(changes: Partial<ResubmitTexts>): void {
    const texts = Object.freeze({ ...this._state.texts, ...changes });
    this._publish({
      texts,
      formIssues: toPatch(this._state.row, texts).issues,
      issues: this._state.issues.filter(isOf(this._state.texts, texts))
    });
  }

  /** Of an array, run just the tasks that failed, or all. */
  chooseTasks(onlyFailed: boolean): void {
    this._tried = null;
    this._publish({ onlyFailed });
  }

  /**
   * Hand the job over; a second call while the first one runs does nothing.
   *
   * @returns the new job; null if there is none, or the answer was lost: see `snapshot.error`.
   */
  submit(anyway: boolean): Promise<Job | null> {
    if (!this._state.isSubmitting && !this._state.hasChanged) {
      this._submitted = this._submit(anyway);
    }
    return this._submitted;
  }

  private async _submit(anyway: boolean): Promise<Job | null> {
    const { row, texts } = this._state;
    const { patch, issues } = toPatch(row, texts);
    if (!patch) {
      this._publish({ formIssues: issues });
      return null;
    }
    const { issues: seen } = this._state;
    const areOld = this._tried !== texts;
    this._tried = texts;
    this._publish({ isSubmitting: true, error: null });
    try {
      const tasks = await this._tasks();
      const job = await sendSeen(
        isAnyway =>
          this._client.resubmitJob(row.id, { ...patch, ...tasks }, this.key, {
            anyway: isAnyway
          }),
        anyway ? { issues: seen, areOld } : null
      );
      this._jobs.accept(job);
      return job;
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      // What was typed while it was sent is not what it was refused for.
      const found = issuesOf(reason).filter(isOf(texts, this._state.texts));
      this._publish({ error: reason, issues: found });
      return null;
    } finally {
      this._publish({ isSubmitting: false });
    }
  }

  /** What says that just the failed tasks are run; the same at every try. */
  private async _tasks(): Promise<Pick<ResubmitPatch, 'task_indices'>> {
    if (this._indices) {
      return { task_indices: [...this._indices] };
    }
    if (!this._state.onlyFailed) {
      return {};
    }
    this._failed ??= await failedIndices(this._client, this._state.row.id);
    return { task_indices: this._failed };
  }

  private _onJobsChanged(): void {
    const row = this._jobs.row(this._state.row.id);
    if (row && !isOver(row) && !this._state.isSubmitting) {
      this._publish({ row, hasChanged: true });
    }
  }

  private _publish(changes: Partial<IResubmitState>): void {
    this._state = Object.freeze({ ...this._state, ...changes });
    if (!this._isDisposed) {
      this._changed.emit(this._state);
    }
  }

  private readonly _client: IBatchClient;
  private readonly _jobs: IJobStore;
  private readonly _indices: readonly number[] | null;
  private readonly _attached: IDisposable;
  private readonly _changed = new Signal<this, IResubmitState>(this);
  private _state: IResubmitState;
  /** What the last try was made with. */
  private _tried: ResubmitTexts | null = null;
  private _failed: number[] | null = null;
  private _submitted: Promise<Job | null> = Promise.resolve(null);
  private _isDisposed = false;
}

export namespace ResubmitModel {
  export interface IOptions {
    client: IBatchClient;
    jobs: IJobStore;
    /** The job that is over. */
    row: JobRow;
    /** Of an array, run just these tasks. */
    indices?: readonly number[];
    /** What the dialog begins with, where it is not what the job asked. */
    texts?: Partial<ResubmitTexts>;
  }
}

/** Whether an issue that was said of some texts is one of others too. */
function isOf(
  before: ResubmitTexts,
  after: ResubmitTexts
): (issue: Issue) => boolean {
  const changed = (Object.keys(FIELDS) as (keyof ResubmitTexts)[])
    .filter(name => before[name] !== after[name])
    .map(name => FIELDS[name]);
  return ({ field }) => !changed.includes(field);
}
