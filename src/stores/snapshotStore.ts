import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

/** Something that is shown, and why it could not be asked for last. */
export interface IFallible {
  readonly error: Error | null;
}

/** Holds one frozen snapshot: a change makes a new one. */
export abstract class SnapshotStore<
  T extends IFallible
> implements IDisposable {
  constructor(snapshot: T) {
    this._snapshot = Object.freeze(snapshot);
  }

  get snapshot(): T {
    return this._snapshot;
  }

  get changed(): ISignal<this, T> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  protected publish(changes: Partial<T>): void {
    if (!this._isDisposed) {
      this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
      this._changed.emit(this._snapshot);
    }
  }

  /** Keep what is known, and say why it may be old. */
  protected fail(reason: unknown): void {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    this.publish({ ...this._snapshot, error });
  }

  private readonly _changed = new Signal<this, T>(this);
  private _snapshot: T;
  private _isDisposed = false;
}

/** Holds what the server answers; one question at a time, and once more if it is old by then. */
export abstract class AskingStore<
  T extends IFallible
> extends SnapshotStore<T> {
  /** Ask again. Never rejects: see `snapshot.error`. */
  async refresh(): Promise<void> {
    this._isBehind = true;
    if (this._isAsking) {
      return;
    }
    this._isAsking = true;
    while (this._isBehind && !this.isDisposed) {
      this._isBehind = false;
      try {
        this.publish(await this.ask());
      } catch (error) {
        this.fail(error);
      }
    }
    this._isAsking = false;
  }

  /** Ask the server, and return what its answer changes. */
  protected abstract ask(): Promise<Partial<T>>;

  private _isBehind = false;
  private _isAsking = false;
}
