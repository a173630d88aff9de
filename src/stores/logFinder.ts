import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { LogMatch, LogStream } from '../model/contract';
import { MOST_COUNTED } from '../model/finding';
import type { FindDirection, IJobDetails } from '../tokens';

/** What is looked for in a log, and where it stands. Frozen: a change makes a new one. */
export interface IFindSnapshot {
  /** The text; null for what tells of an error; undefined while nothing is looked for. */
  readonly query: string | null | undefined;
  /** The match that is shown. */
  readonly match: LogMatch | null;
  /** The search went past the end, or the beginning, and on from the other side. */
  readonly hasWrapped: boolean;
  /** So many bytes were searched, while a search goes on; null while none does. */
  readonly searched: number | null;
  /** Where the matches stand, as far as they were counted; null while that is not known. */
  readonly all: readonly number[] | null;
  /** There are more than were counted. */
  readonly isLeast: boolean;
  readonly error: Error | null;
}

/** Nothing is looked for. */
export const NO_FIND: IFindSnapshot = Object.freeze({
  query: undefined,
  match: null,
  hasWrapped: false,
  searched: null,
  all: null,
  isLeast: false,
  error: null
});

/** Finds in a whole log, on the server, from match to match. */
export class LogFinder implements IDisposable {
  constructor(options: LogFinder.IOptions) {
    this._options = options;
  }

  get snapshot(): IFindSnapshot {
    return this._snapshot;
  }

  get changed(): ISignal<this, IFindSnapshot> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._turn += 1;
      Signal.clearData(this);
    }
  }

  /** Look for nothing any more. */
  stop(): void {
    this._turn += 1;
    this._publish(NO_FIND);
  }

  /**
   * Find the next match, or the one before; the last search wins. Never rejects: see `snapshot.error`.
   *
   * @param query - A text; null for what tells of an error.
   * @param from - Where to begin if that was not looked for before.
   */
  async find(
    query: string | null,
    direction: FindDirection,
    from: number | null
  ): Promise<void> {
    const isNew = query !== this._snapshot.query;
    const { match } = isNew ? NO_FIND : this._snapshot;
    const turn = ++this._turn;
    this._publish({
      ...(isNew ? NO_FIND : this._snapshot),
      query,
      searched: 0,
      hasWrapped: false,
      error: null
    });
    const step = direction === 'next' ? 1 : 0;
    const start = match ? match.offset + step : from;
    try {
      let found = await this._search(turn, query, direction, start);
      const hasWrapped = found === null && start !== null;
      if (hasWrapped) {
        found = await this._search(turn, query, direction, null);
      }
      if (turn === this._turn) {
        this._publish({ match: found, hasWrapped, searched: null });
        await (isNew ? this._count(turn, query) : undefined);
      }
    } catch (error) {
      if (turn === this._turn) {
        const reason =
          error instanceof Error ? error : new Error(String(error));
        this._publish({ error: reason, searched: null });
      }
    }
  }

  /** Search on until there is a match or no more log; the server stops after some seconds. */
  private async _search(
    turn: number,
    query: string | null,
    direction: FindDirection,
    start: number | null
  ): Promise<LogMatch | null> {
    const begin = start;
    let offset = start;
    while (turn === this._turn) {
      const answer = await this._ask(query, direction, offset, 1);
      const [found] = answer.matches;
      if (found || answer.stopped_at === null) {
        return found ?? null;
      }
      offset = answer.stopped_at;
      const first = begin ?? (direction === 'next' ? 0 : answer.size);
      if (turn === this._turn) {
        this._publish({ searched: Math.abs(offset - first) });
      }
    }
    return null;
  }

  private async _count(turn: number, query: string | null): Promise<void> {
    const answer = await this._ask(query, 'next', null, MOST_COUNTED);
    if (turn === this._turn) {
      this._publish({
        all: answer.matches.map(({ offset }) => offset),
        isLeast: answer.stopped_at !== null
      });
    }
  }

  private _ask(
    query: string | null,
    direction: FindDirection,
    offset: number | null,
    limit: number
  ): ReturnType<IJobDetails['findInLog']> {
    const { details, jobId, stream, task } = this._options;
    return details.findInLog(jobId, {
      stream,
      task: task ?? undefined,
      q: query ?? undefined,
      direction,
      offset: offset ?? undefined,
      limit
    });
  }

  private _publish(changes: Partial<IFindSnapshot>): void {
    if (!this._isDisposed) {
      this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
      this._changed.emit(this._snapshot);
    }
  }

  private readonly _options: LogFinder.IOptions;
  private readonly _changed = new Signal<this, IFindSnapshot>(this);
  private _snapshot = NO_FIND;
  private _turn = 0;
  private _isDisposed = false;
}

export namespace LogFinder {
  export interface IOptions {
    details: IJobDetails;
    jobId: string;
    stream: LogStream;
    /** The index of a task; of an array, and only there. */
    task: number | null;
  }
}
