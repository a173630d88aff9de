import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

/** The last answer to one question. Frozen: a change makes a new one. */
export interface IAnswerSnapshot<T> {
  /** Null before the first answer. */
  readonly answer: T | null;
  readonly error: Error | null;
}

/** One question to the server, asked when somebody looks, and again when the answer may be another. */
export class AnswerStore<T> implements IDisposable {
  constructor(ask: () => Promise<T>) {
    this._askServer = ask;
  }

  get snapshot(): IAnswerSnapshot<T> {
    return this._snapshot;
  }

  get changed(): ISignal<this, IAnswerSnapshot<T>> {
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

  /** Somebody looks, or looks no more. */
  look(isLooking: boolean): void {
    this._isLooked = isLooking;
    if (isLooking) {
      void this.refresh();
    }
  }

  /** Note what the answer depends on. */
  expect(state: string): void {
    if (state !== this._state) {
      this._state = state;
      if (this._isLooked) {
        void this.refresh();
      }
    }
  }

  /** Ask again; one question at a time. Never rejects: see `snapshot.error`. */
  async refresh(): Promise<void> {
    this._isBehind = true;
    if (this._isAsking) {
      return;
    }
    this._isAsking = true;
    while (this._isBehind && !this._isDisposed) {
      this._isBehind = false;
      await this._ask();
    }
    this._isAsking = false;
  }

  private async _ask(): Promise<void> {
    try {
      const answer = await this._askServer();
      this._publish({ answer, error: null });
    } catch (error) {
      this._publish({
        error: error instanceof Error ? error : new Error(String(error))
      });
    }
  }

  private _publish(changes: Partial<IAnswerSnapshot<T>>): void {
    if (!this._isDisposed) {
      this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
      this._changed.emit(this._snapshot);
    }
  }

  private readonly _askServer: () => Promise<T>;
  private readonly _changed = new Signal<this, IAnswerSnapshot<T>>(this);
  private _snapshot: IAnswerSnapshot<T> = Object.freeze({
    answer: null,
    error: null
  });
  private _state = '';
  private _isLooked = false;
  private _isBehind = false;
  private _isAsking = false;
  private _isDisposed = false;
}
