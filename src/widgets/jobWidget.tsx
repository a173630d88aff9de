import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import '../../style/base.css';
import '../../style/job.css';
import type { Job, LogStream, Output } from '../model/contract';
import { firstIndex } from '../model/array';
import { isFinal } from '../model/phase';
import { tallyOf } from '../model/tasks';
import { LogStore } from '../stores/log';
import { TaskStore } from '../stores/tasks';
import type { IBatchClient, IJobStore } from '../tokens';
import { batchIcon } from '../views/batchIcon';
import { JobPage } from '../views/job/JobPage';
import { useSnapshot } from '../views/useSnapshot';
import { Clock } from './clock';
import { jobActions } from './jobCommands';
import { JobModel } from './jobModel';

const CLOCK_INTERVAL_MS = 1_000;

/** The page of one job, in the main area. */
export class JobWidget extends MainAreaWidget<JobContent> {
  constructor(options: JobWidget.IOptions) {
    super({ content: new JobContent(options) });
    this.id = `jupyterlab-batch-job-${options.jobId}`;
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
    this._tasks = new TaskStore({ client, jobId: id });
    this._log = this._openLog('stdout', options.isFollowing);
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
      this._log.dispose();
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
    this._log.isVisible = false;
    this._clock.stop();
  }

  protected override render(): JSX.Element {
    return (
      <LiveJob
        {...this._options}
        model={this._model}
        tasks={this._tasks}
        log={this._log}
        task={this._task}
        clock={this._clock}
        onStream={stream => this._switchTo(stream)}
        onTask={index => this._openTask(index)}
        onRow={() => this._onRow()}
      />
    );
  }

  private _look(): void {
    if (this.isVisible) {
      this._log.isVisible = this._isLogKnown;
      this._clock.start();
    }
  }

  /** It is known whether the job has one log or one for each task. */
  private get _isLogKnown(): boolean {
    const { row } = this._model.snapshot;
    return row !== null && (row.array === null || this._task !== null);
  }

  /** The job is known, and so its log stands on the page. */
  private _onRow(): void {
    if (this._isLogWanted) {
      this.showLog();
    }
  }

  /** Show the log of a task. */
  private _openTask(index: number): void {
    this._task = index;
    this._switchTo(this._log.snapshot.stream);
  }

  private _switchTo(stream: LogStream): void {
    const { isFollowing } = this._log.snapshot;
    this._log.dispose();
    this._log = this._openLog(stream, isFollowing);
    this._look();
    this.update();
  }

  private _openLog(stream: LogStream, isFollowing: boolean): LogStore {
    const { row } = this._model.snapshot;
    const log = new LogStore({
      client: this._options.client,
      jobId: this._options.jobId,
      stream,
      task: this._task,
      isActive: row === null || !isFinal(row.phase),
      isVisible: false
    });
    log.follow(isFollowing);
    return log;
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
      this._log.isActive = !isFinal(row.phase);
      this._tasks.expect(row.array ? tallyOf(row.array).failed : 0);
    }
    if (job?.spec.array && this._task === null) {
      this._openTask(firstIndex(job.spec.array));
    }
    this._look();
  }

  private readonly _options: JobWidget.IOptions;
  private readonly _model: JobModel;
  private readonly _clock = new Clock(CLOCK_INTERVAL_MS);
  private readonly _tasks: TaskStore;
  private _task: number | null = null;
  private _log: LogStore;
  private _isLogWanted = false;
}

function LiveJob(
  props: JobWidget.IOptions & {
    model: JobModel;
    tasks: TaskStore;
    log: LogStore;
    /** The task of an array whose log it is. */
    task: number | null;
    clock: Clock;
    onStream: (stream: LogStream) => void;
    onTask: (index: number) => void;
    onRow: () => void;
  }
): JSX.Element {
  const { model, log, commands, tasks, task } = props;
  const { row, job, gateways, error } = useSnapshot(model);
  const logSnapshot = useSnapshot(log);
  const failed = useSnapshot(tasks);
  const now = useSnapshot(props.clock);
  const actions = React.useMemo(() => jobActions(commands), [commands]);
  const isKnown = row !== null && (row.array === null || task !== null);
  const onRow = React.useRef(props.onRow);
  React.useEffect(() => {
    if (isKnown) {
      onRow.current();
    }
  }, [isKnown]);
  return (
    <JobPage
      row={row}
      job={job}
      error={error}
      gateways={gateways}
      now={now}
      actions={actions}
      onOpenFile={props.openFile}
      onRetry={() => void model.refresh()}
      tasks={{
        failed,
        onGoTo: offset => void tasks.goTo(offset),
        onOpenLog: props.onTask,
        onRetry: () => void tasks.refresh()
      }}
      log={
        isKnown
          ? {
              log: logSnapshot,
              isLive: !isFinal(row.phase),
              task,
              onTask: props.onTask,
              onStream: props.onStream,
              onFollow: isFollowing => log.follow(isFollowing),
              onEarlier: () => void log.loadEarlier(),
              onRetry: () => void log.refresh()
            }
          : null
      }
      trans={props.trans}
    />
  );
}
