import type { IObservableDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { LogStream } from '../model/contract';
import type { IBatchClient, ILogChunk } from '../tokens';
import { LOG_LIMITS } from './logLimits';
import type { ILogLimits } from './logLimits';
import { emptyLog } from './logSnapshot';
import type { ILogSnapshot } from './logSnapshot';
import { LogWindow } from './logWindow';

export type { ILogSnapshot } from './logSnapshot';

/**
 * A window on one log of one job.
 *
 * Asks only while somebody looks and follows, and no more once the job is over and all is read.
 */
export class LogStore implements IObservableDisposable {
  constructor(options: LogStore.IOptions) {
    this._client = options.client;
    this._jobId = options.jobId;
    this._task = options.task ?? null;
    this._limits = { ...LOG_LIMITS, ...options.limits };
    this._isActive = options.isActive;
    this._isVisible = options.isVisible ?? true;
    this._snapshot = emptyLog(options.stream);
    this._poll = new Poll({
      auto: false,
      factory: () => this._enqueue(() => this._readNew()),
      frequency: {
        interval: options.pollIntervalMs ?? 1_000,
        max: 30_000,
        backoff: true
      },
      name: 'jupyterlab-batch:log',
      standby: 'when-hidden'
    });
    this._schedule();
  }

  get snapshot(): ILogSnapshot {
    return this._snapshot;
  }

  get changed(): ISignal<this, ILogSnapshot> {
    return this._changed;
  }

  get disposed(): ISignal<this, void> {
    return this._disposed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._poll.dispose();
    this._disposed.emit();
    Signal.clearData(this);
  }

  /** Whether the job can still write. */
  get isActive(): boolean {
    return this._isActive;
  }
  set isActive(isActive: boolean) {
    if (isActive !== this._isActive) {
      this._isActive = isActive;
      // what was written last may not have been read
      this._publish({ isComplete: false });
      this._schedule();
    }
  }

  /** Whether somebody looks. */
  get isVisible(): boolean {
    return this._isVisible;
  }
  set isVisible(isVisible: boolean) {
    if (isVisible !== this._isVisible) {
      this._isVisible = isVisible;
      this._schedule();
    }
  }

  /** Show what is new as it comes, or stay where we are. */
  follow(isFollowing: boolean): void {
    if (isFollowing !== this._snapshot.isFollowing) {
      this._publish({ isFollowing });
      this._schedule();
    }
  }

  /** Show text before the shown one, and follow no more. Never rejects: see `snapshot.error`. */
  async loadEarlier(): Promise<void> {
    this.follow(false);
    if (this._snapshot.hasEarlier) {
      await this._enqueue(() => this._readEarlier()).catch(ignoreReported);
    }
  }

  /** Show text behind the shown one, and follow no more. Never rejects: see `snapshot.error`. */
  async loadLater(): Promise<void> {
    this.follow(false);
    await this._enqueue(() => this._readLater()).catch(ignoreReported);
  }

  /** Show a place of the file, and follow no more. Never rejects: see `snapshot.error`. */
  async goTo(offset: number): Promise<void> {
    this.follow(false);
    if (!this._window.shows(offset)) {
      const first = Math.max(0, offset - this._limits.first);
      await this._enqueue(async () => {
        this._restart(await this._get(first, this._limits.chunk));
      }).catch(ignoreReported);
    }
  }

  /** Ask at once. Never rejects: see `snapshot.error`. */
  async refresh(): Promise<void> {
    await this._enqueue(() => this._readNew()).catch(ignoreReported);
  }

  private _schedule(): void {
    const { isFollowing, isComplete, size } = this._snapshot;
    const isWanted = isFollowing || size === null;
    if (this._isVisible && isWanted && !isComplete) {
      void this._poll.refresh();
    } else {
      void this._poll.stop();
    }
  }

  /** Run one reading at a time; report its failure in the snapshot. */
  private _enqueue(read: () => Promise<void>): Promise<void> {
    const run = async (): Promise<void> => {
      if (this._isDisposed) {
        return;
      }
      try {
        await read();
        this._publish({ error: null });
      } catch (error) {
        const reason =
          error instanceof Error ? error : new Error(String(error));
        this._publish({ error: reason });
        throw reason;
      }
    };
    const result = this._queue.then(run);
    this._queue = result.catch(ignoreReported);
    return result;
  }

  private async _readNew(): Promise<void> {
    const wasActive = this._isActive;
    if (this._snapshot.size === null) {
      this._restart(await this._get(-this._limits.first, this._limits.first));
    }
    while (!this._isDisposed && (await this._readNext())) {
      // goes on until the end of the file is shown
    }
    if (!this._isDisposed && !wasActive && !this._isActive) {
      this._publish({ isComplete: true });
      this._schedule();
    }
  }

  /** @returns whether there is more to read. */
  private async _readNext(): Promise<boolean> {
    const { window: limit, chunk: chunkLimit } = this._limits;
    const end = this._window.end;
    const chunk = await this._get(end, chunkLimit);
    if (this._isDisposed) {
      return false;
    }
    const isOther = chunk.etag !== this._etag || chunk.size < end;
    if (isOther || chunk.size - end > limit) {
      const isRestart = isOther && end > 0;
      const { restarts } = this._snapshot;
      this._restart(await this._get(-limit, limit));
      this._publish({ restarts: restarts + (isRestart ? 1 : 0) });
      return false;
    }
    if (chunk.bytes.length === 0) {
      return false;
    }
    this._window.append(chunk.bytes, limit);
    this._show(chunk.size);
    return this._window.end < chunk.size;
  }

  private async _readEarlier(): Promise<void> {
    const { start } = this._window;
    const offset = Math.max(0, start - this._limits.chunk);
    if (start === 0) {
      return;
    }
    const chunk = await this._get(offset, start - offset);
    if (this._isDisposed) {
      return;
    }
    if (chunk.etag !== this._etag || chunk.size < this._window.end) {
      const { restarts } = this._snapshot;
      this._restart(await this._get(-this._limits.first, this._limits.first));
      this._publish({ restarts: restarts + 1 });
    } else if (chunk.offset + chunk.bytes.length === start) {
      this._window.prepend(chunk.bytes, this._limits.earlier);
      this._show(chunk.size);
    }
  }

  private async _readLater(): Promise<void> {
    const { end } = this._window;
    const chunk = await this._get(end, this._limits.chunk);
    if (!this._isDisposed && chunk.etag === this._etag && chunk.size >= end) {
      this._window.append(chunk.bytes, this._limits.earlier);
      this._show(chunk.size);
    }
  }

  private _get(offset: number, limit: number): Promise<ILogChunk> {
    const { stream } = this._snapshot;
    return this._client.getLog(this._jobId, stream, offset, limit, this._task);
  }

  private _restart(chunk: ILogChunk): void {
    if (this._isDisposed) {
      return;
    }
    this._etag = chunk.etag;
    this._window.reset(chunk);
    this._show(chunk.size);
  }

  private _show(size: number): void {
    const { start, end } = this._window;
    this._publish({
      ...this._window.read(),
      start,
      end,
      size,
      hasEarlier: start > 0,
      hasLater: end < size
    });
  }

  private _publish(changes: Partial<ILogSnapshot>): void {
    const names = Object.keys(changes) as (keyof ILogSnapshot)[];
    if (
      !this._isDisposed &&
      names.some(name => changes[name] !== this._snapshot[name])
    ) {
      this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
      this._changed.emit(this._snapshot);
    }
  }

  private readonly _client: LogStore.IOptions['client'];
  private readonly _jobId: string;
  private readonly _task: number | null;
  private readonly _limits: ILogLimits;
  private readonly _poll: Poll<void>;
  private readonly _window = new LogWindow();
  private readonly _changed = new Signal<this, ILogSnapshot>(this);
  private readonly _disposed = new Signal<this, void>(this);
  private _snapshot: ILogSnapshot;
  private _queue: Promise<void> = Promise.resolve();
  private _etag = '';
  private _isActive: boolean;
  private _isVisible: boolean;
  private _isDisposed = false;
}

export namespace LogStore {
  export interface IOptions {
    client: Pick<IBatchClient, 'getLog'>;
    jobId: string;
    stream: LogStream;
    /** The index of a task; of an array, and only there. */
    task?: number | null;
    isActive: boolean;
    isVisible?: boolean;
    pollIntervalMs?: number;
    limits?: Partial<ILogLimits>;
  }
}

/** The failure stands in the snapshot already. */
function ignoreReported(): void {}
