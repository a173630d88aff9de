import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { LogPaths, LogStream } from '../model/contract';
import { LogStore } from '../stores/log';
import { LogFinder } from '../stores/logFinder';
import type { FindDirection, IBatchClient } from '../tokens';

/** The one log of a job that is shown, of which there are two, or two for each task. */
export class JobLogs implements IDisposable {
  constructor(options: JobLogs.IOptions) {
    this._options = options;
    this._log = this._open('stdout', options.isFollowing);
    this._finder = this._openFinder('stdout');
  }

  get log(): LogStore {
    return this._log;
  }

  get finder(): LogFinder {
    return this._finder;
  }

  /** The task of an array whose log it is. */
  get task(): number | null {
    return this._task;
  }

  /** Another log is shown. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._log.dispose();
      this._finder.dispose();
      Signal.clearData(this);
    }
  }

  /** The job can still write. */
  set isActive(isActive: boolean) {
    this._isActive = isActive;
    this._log.isActive = isActive;
  }

  /** Somebody looks. */
  set isVisible(isVisible: boolean) {
    this._isVisible = isVisible;
    this._log.isVisible = isVisible;
  }

  /** Where the browser downloads all of the log. */
  get downloadUrl(): string {
    const { client, jobId } = this._options;
    const { stream } = this._log.snapshot;
    return client.details.logUrl(jobId, stream, this._task);
  }

  /** Where the log lies, of those of a job. */
  pathIn(paths: LogPaths): string {
    const path = paths[this._log.snapshot.stream];
    return this._task === null
      ? path
      : path.split('{index}').join(String(this._task));
  }

  /** Show the log of a task. */
  openTask(index: number): void {
    this._task = index;
    this.switchTo(this._log.snapshot.stream);
  }

  switchTo(stream: LogStream): void {
    const { isFollowing } = this._log.snapshot;
    this._log.dispose();
    this._finder.dispose();
    this._log = this._open(stream, isFollowing);
    this._finder = this._openFinder(stream);
    this._changed.emit();
  }

  /** Find a text, or with null what tells of an error, and show where it stands. */
  async find(query: string | null, direction: FindDirection): Promise<void> {
    const { _finder: finder, _log: log } = this;
    await finder.find(query, direction, null);
    const { match } = finder.snapshot;
    if (match) {
      await log.goTo(match.offset);
    }
  }

  private _open(stream: LogStream, isFollowing: boolean): LogStore {
    const log = new LogStore({
      client: this._options.client,
      jobId: this._options.jobId,
      stream,
      task: this._task,
      isActive: this._isActive,
      isVisible: false
    });
    log.follow(isFollowing);
    log.isVisible = this._isVisible;
    return log;
  }

  private _openFinder(stream: LogStream): LogFinder {
    const { client, jobId } = this._options;
    const { details } = client;
    return new LogFinder({ details, jobId, stream, task: this._task });
  }

  private readonly _options: JobLogs.IOptions;
  private readonly _changed = new Signal<this, void>(this);
  private _task: number | null = null;
  private _isActive = true;
  private _isVisible = false;
  private _log: LogStore;
  private _finder: LogFinder;
  private _isDisposed = false;
}

export namespace JobLogs {
  export interface IOptions {
    client: IBatchClient;
    jobId: string;
    /** The log is followed from the start. */
    isFollowing: boolean;
  }
}
