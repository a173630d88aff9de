import { Throttler } from '@lumino/polling';

import { SnapshotStore } from './snapshotStore';
import type { IFallible } from './snapshotStore';

/** So many rows come at a time. */
export const PAGE = 100;

/** So many rows below those in sight are asked for before they come into it. */
const AHEAD = 60;

/** So many pages are kept, besides those in sight. */
const KEPT_PAGES = 40;

/** While rows change, the server is asked again no more often than this. */
const AGAIN_MS = 1_000;

/** What is known of a list of any length; its rows are had by place. */
export interface IWindowed extends IFallible {
  /** How many rows there are in the list; null before that is known. */
  readonly total: number | null;
  /** An answer is waited for. */
  readonly isLoading: boolean;
  /** Grows whenever a row may be another. */
  readonly version: number;
}

/** A list of any length of which only what is in sight is known here, in pages; the server selects and sorts. */
export abstract class WindowedStore<
  T extends IWindowed,
  Row,
  Answer extends { readonly total: number }
> extends SnapshotStore<T> {
  override dispose(): void {
    this._again.dispose();
    super.dispose();
  }

  /** These places are in sight. */
  show(first: number, last: number): void {
    this._sight = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
    this._last = last;
    if (!this._waits) {
      void this._fill();
    }
  }

  /** Ask again for all that is in sight. Never rejects: see `snapshot.error`. */
  async refresh(): Promise<void> {
    this._waits = false;
    this._generation += 1;
    this._asked.clear();
    await this._fill();
  }

  /** The row at a place, as it is now; undefined while that is not known. */
  abstract row(place: number): Row | undefined;

  /** Make some places known. @returns the rows there. */
  async load(first: number, last: number): Promise<Row[]> {
    const rows: Row[] = [];
    for (let place = first; place <= last; place++) {
      if (place === first || place % PAGE === 0) {
        await this._loadPageOf(place);
      }
      const row = this.row(place);
      if (row) {
        rows.push(row);
      }
    }
    return rows;
  }

  /**
   * Make the first places known, of the list that was asked for last: what is shown may still be the
   * one before.
   *
   * @returns the rows there; none if no answer came.
   */
  async loadFirst(count: number): Promise<Row[]> {
    while (this._isOtherList && !this.isDisposed && !this.snapshot.error) {
      await this.refresh();
    }
    const { total } = this.snapshot;
    return this._isOtherList || !total
      ? []
      : this.load(0, Math.min(total, count) - 1);
  }

  /** Ask the server for some rows. */
  protected abstract ask(offset: number, limit: number): Promise<Answer>;

  /** Take an answer. @returns its rows, and what it changes beside them. */
  protected abstract take(answer: Answer): {
    rows: readonly Row[];
    changes: Partial<T>;
  };

  /** Something is about to be asked. */
  protected onAsking(): void {
    // Most lists say that they load when they become another one.
  }

  /** The row at a place, as it came; undefined while that is not known. */
  protected rowAt(place: number): Row | undefined {
    return this._pages.get(Math.floor(place / PAGE))?.[place % PAGE];
  }

  /** Where a row stands, if that is known. */
  protected placeOf(isIt: (row: Row) => boolean): number | null {
    for (const [number, rows] of this._pages) {
      const place = rows.findIndex(isIt);
      if (place >= 0) {
        return number * PAGE + place;
      }
    }
    return null;
  }

  /**
   * The list is to be another one: nothing is asked for before the next `refresh`, and the rows of
   * the one before stay until its answer.
   */
  protected becomeOther(): void {
    this._waits = true;
    this._isOtherList = true;
  }

  /** Ask again soon, though not too often. */
  protected askAgainSoon(): void {
    // What waits when this is disposed is rejected: nobody needs it.
    this._again.invoke().catch(() => undefined);
  }

  /** Ask again for whatever is shown next. */
  protected outdate(): void {
    this._asked.clear();
  }

  private async _loadPageOf(place: number): Promise<void> {
    const number = Math.floor(place / PAGE);
    if (!this._pages.has(number)) {
      await this._askPage(number, this._generation);
    }
  }

  private get _numbersInSight(): number[] {
    const [first, last] = this._sight;
    return Array.from({ length: last - first + 1 }, (_, n) => first + n);
  }

  /** Those in sight, and the one below that is about to be. */
  private get _numbersWanted(): number[] {
    const numbers = this._numbersInSight;
    const ahead = Math.min(this._last + AHEAD, (this.snapshot.total ?? 0) - 1);
    const next = Math.floor(ahead / PAGE);
    return next > this._sight[1] ? [...numbers, next] : numbers;
  }

  /** Ask for what is wanted and was not asked for. */
  private async _fill(): Promise<void> {
    const generation = this._generation;
    const missing = this._numbersWanted.filter(n => !this._asked.has(n));
    if (missing.length === 0) {
      return;
    }
    missing.forEach(number => this._asked.add(number));
    this.onAsking();
    try {
      await Promise.all(
        missing.map(number => this._askPage(number, generation))
      );
    } catch (error) {
      if (generation === this._generation) {
        missing.forEach(number => this._asked.delete(number));
        this.publish({ ...this.snapshot, isLoading: false });
        this.fail(error);
      }
    }
  }

  private async _askPage(number: number, generation: number): Promise<void> {
    const answer = await this.ask(number * PAGE, PAGE);
    if (this.isDisposed || generation !== this._generation) {
      return;
    }
    const { rows, changes } = this.take(answer);
    if (this._isOtherList) {
      this._isOtherList = false;
      this._pages.clear();
    }
    this._pages.delete(number);
    this._pages.set(number, rows);
    this._evict();
    this.publish({
      ...this.snapshot,
      ...changes,
      total: answer.total,
      isLoading: false,
      error: null,
      version: this.snapshot.version + 1
    });
  }

  /** Forget the pages that were had longest ago, but none in sight. */
  private _evict(): void {
    for (const number of this._pages.keys()) {
      if (this._pages.size <= KEPT_PAGES) {
        return;
      }
      if (!this._numbersInSight.includes(number)) {
        this._pages.delete(number);
        this._asked.delete(number);
      }
    }
  }

  private readonly _pages = new Map<number, readonly Row[]>();
  private readonly _asked = new Set<number>();
  private readonly _again = new Throttler(() => this.refresh(), {
    edge: 'trailing',
    limit: AGAIN_MS
  });
  private _sight: readonly [number, number] = [0, 0];
  private _last = 0;
  private _generation = 0;
  private _waits = false;
  private _isOtherList = false;
}
