import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import '../../style/base.css';
import '../../style/job.css';
import '../../style/files.css';
import '../../style/timeline.css';
import '../../style/log.css';
import '../../style/tasks.css';
import '../../style/chips.css';
import '../../style/table.css';
import '../../style/selection.css';
import type { BulkResult } from '../model/bulk';
import type {
  ArrayTask,
  Job,
  JobEvents,
  JobRecord,
  Output
} from '../model/contract';
import { firstIndex } from '../model/array';
import { isFinal } from '../model/phase';
import { isTaskAction } from '../model/taskOrders';
import { AnswerStore } from '../stores/answer';
import { JobFilesStore } from '../stores/jobFiles';
import { TaskOverviewStore } from '../stores/taskOverview';
import { TaskTable } from '../stores/taskTable';
import type { IBatchClient, IJobStore } from '../tokens';
import { batchIcon } from '../views/batchIcon';
import { Clock } from './clock';
import { JobLogs } from './jobLogs';
import { JobModel } from './jobModel';
import { LiveJob } from './liveJob';
import { pageIdOf } from './pageId';
import type { ActOnMany } from './selectionModel';
import { TaskSelection } from './taskSelection';
import type { ActOnTasks } from './taskSelection';

const CLOCK_INTERVAL_MS = 1_000;

/** The page of one job, in the main area. */
export class JobWidget extends MainAreaWidget<JobContent> {
  constructor(options: JobWidget.IOptions) {
    super({ content: new JobContent(options) });
    this.id = pageIdOf(options.jobId);
    this.title.icon = batchIcon;
    this.title.closable = true;
    this.toolbar.hide();
  }
}

export namespace JobWidget {
  export interface IOptions {
    jobId: string;
    client: IBatchClient;
    jobs: IJobStore;
    commands: CommandRegistry;
    /** The log is followed from the start. */
    isFollowing: boolean;
    openFile: (job: Job, output: Output) => void;
    actOnTasks: ActOnTasks;
    trans: TranslationBundle;
  }
}

/** What stands in the job's tab; live while it is in sight. */
export class JobContent extends ReactWidget {
  constructor(options: JobWidget.IOptions) {
    super();
    const { jobId: id, client, jobs } = options;
    this._options = options;
    this._model = new JobModel({ client, jobs, id });
    this._tasks = new TaskTable({ client, jobId: id });
    this._selection = new TaskSelection(this._tasks, (action, tasks) =>
      this._actOnTasks(action, tasks)
    );
    this._overview = new TaskOverviewStore({
      details: client.details,
      jobId: id
    });
    this._events = new AnswerStore(() => client.details.listEvents(id));
    this._events.look(true);
    this._files = new JobFilesStore({ details: client.details, jobId: id });
    this._record = new AnswerStore(() => client.details.getRecord(id));
    this._logs = new JobLogs({ ...options });
    this._logs.changed.connect(this._onLog, this);
    this.addClass('jp-BatchJobs-jobWidget');
    this.node.dataset.jobId = id;
    this._model.changed.connect(this._onChanged, this);
    jobs.dropped.connect(this._onDropped, this);
    this._onChanged();
  }

  get jobId(): string {
    return this._options.jobId;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._model.changed.disconnect(this._onChanged, this);
      this._options.jobs.dropped.disconnect(this._onDropped, this);
      this._model.dispose();
      this._tasks.dispose();
      this._overview.dispose();
      this._events.dispose();
      this._files.dispose();
      this._record.dispose();
      this._logs.changed.disconnect(this._onLog, this);
      this._logs.dispose();
      this._clock.dispose();
      super.dispose();
    }
  }

  /** Put the focus on the log, at once or as soon as it is there. */
  showLog(): void {
    const log = this.node.querySelector<HTMLElement>('[role="log"]');
    this._isLogWanted = log === null;
    log?.focus();
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._look();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._look();
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._logs.isVisible = false;
    this._clock.stop();
  }

  protected override render(): JSX.Element {
    return (
      <LiveJob
        {...this._options}
        model={this._model}
        tasks={this._tasks}
        selection={this._selection}
        overview={this._overview}
        events={this._events}
        files={this._files}
        record={this._record}
        logs={this._logs}
        clock={this._clock}
        onRow={() => this._onRow()}
      />
    );
  }

  private async _actOnTasks(
    ...[action, tasks]: Parameters<ActOnMany<ArrayTask>>
  ): Promise<BulkResult | null> {
    const { row } = this._model.snapshot;
    return row && isTaskAction(action)
      ? this._options.actOnTasks(action, row, tasks)
      : null;
  }

  private _look(): void {
    if (this.isVisible) {
      this._logs.isVisible = this._isLogKnown;
      this._clock.start();
    }
  }

  /** It is known whether the job has one log or one for each task. */
  private get _isLogKnown(): boolean {
    const { row } = this._model.snapshot;
    return row !== null && (row.array === null || this._logs.task !== null);
  }

  /** The job is known, and so its log stands on the page. */
  private _onRow(): void {
    if (this._isLogWanted) {
      this.showLog();
    }
  }

  private _onLog(): void {
    this._look();
    this.update();
  }

  /** A job that was forgotten has no page. */
  private _onDropped(_: IJobStore, ids: readonly string[]): void {
    if (ids.includes(this.jobId)) {
      this.parent?.close();
    }
  }

  private _onChanged(): void {
    const { row, job } = this._model.snapshot;
    const { trans } = this._options;
    this.title.label = row ? row.name : trans.__('Batch job');
    if (row) {
      this._logs.isActive = !isFinal(row.phase);
      this._events.expect(
        `${row.phase} ${row.reason ?? ''} ${job?.attempt ?? ''}`
      );
      this._files.expect(row.revision);
      // What a job used is told later than its end.
      this._record.expect(
        isFinal(row.phase) ? String(row.revision) : row.phase
      );
      if (row.array) {
        this._tasks.expect(row.revision);
        this._overview.expect(row.array, row.revision);
      }
    }
    if (job?.spec.array && this._logs.task === null) {
      this._logs.openTask(firstIndex(job.spec.array));
    }
    this._look();
  }

  private readonly _options: JobWidget.IOptions;
  private readonly _model: JobModel;
  private readonly _clock = new Clock(CLOCK_INTERVAL_MS);
  private readonly _tasks: TaskTable;
  private readonly _selection: TaskSelection;
  private readonly _overview: TaskOverviewStore;
  private readonly _events: AnswerStore<JobEvents>;
  private readonly _files: JobFilesStore;
  private readonly _record: AnswerStore<JobRecord>;
  private readonly _logs: JobLogs;
  private _isLogWanted = false;
}
