import { AskingStore } from './snapshotStore';

/** The last answer to one question. Frozen: a change makes a new one. */
export interface IAnswerSnapshot<T> {
  /** Null before the first answer. */
  readonly answer: T | null;
  readonly error: Error | null;
}

/** One question to the server, asked when somebody looks, and again when the answer may be another. */
export class AnswerStore<T> extends AskingStore<IAnswerSnapshot<T>> {
  constructor(ask: () => Promise<T>) {
    super({ answer: null, error: null });
    this._askServer = ask;
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

  protected async ask(): Promise<IAnswerSnapshot<T>> {
    return { answer: await this._askServer(), error: null };
  }

  private readonly _askServer: () => Promise<T>;
  private _state = '';
  private _isLooked = false;
}
