import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import '../../style/base.css';
import '../../style/job.css';
import type { Job, LogStream, Output } from '../model/contract';
import { isFinal } from '../model/phase';
import { LogStore } from '../stores/log';
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
        log={this._log}
        clock={this._clock}
        onStream={stream => this._switchTo(stream)}
        onRow={() => this._onRow()}
      />
    );
  }

  private _look(): void {
    if (this.isVisible) {
      this._log.isVisible = true;
      this._clock.start();
    }
  }

  /** The job is known, and so its log stands on the page. */
  private _onRow(): void {
    if (this._isLogWanted) {
      this.showLog();
    }
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
    const { row } = this._model.snapshot;
    const { trans } = this._options;
    this.title.label = row ? row.name : trans.__('Batch job');
    if (row) {
      this._log.isActive = !isFinal(row.phase);
    }
  }

  private readonly _options: JobWidget.IOptions;
  private readonly _model: JobModel;
  private readonly _clock = new Clock(CLOCK_INTERVAL_MS);
  private _log: LogStore;
  private _isLogWanted = false;
}

function LiveJob(
  props: JobWidget.IOptions & {
    model: JobModel;
    log: LogStore;
    clock: Clock;
    onStream: (stream: LogStream) => void;
    onRow: () => void;
  }
): JSX.Element {
  const { model, log, commands } = props;
  const { row, job, gateways, error } = useSnapshot(model);
  const logSnapshot = useSnapshot(log);
  const now = useSnapshot(props.clock);
  const actions = React.useMemo(() => jobActions(commands), [commands]);
  const isKnown = row !== null;
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
      log={{
        log: logSnapshot,
        isLive: row !== null && !isFinal(row.phase),
        onStream: props.onStream,
        onFollow: isFollowing => log.follow(isFollowing),
        onEarlier: () => void log.loadEarlier(),
        onRetry: () => void log.refresh()
      }}
      trans={props.trans}
    />
  );
}
