import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { leftOver } from '../model/bulk';
import type { BulkAction, BulkResult } from '../model/bulk';
import type { JobRow } from '../model/contract';
import type { IListSelection } from '../views/jobs/SelectionBar';

/** Does something to many jobs, or tasks; null if the user thought better of it. */
export type ActOnMany<Row = JobRow> = (
  action: BulkAction,
  rows: readonly Row[]
) => Promise<BulkResult | null>;

const NOTHING: IListSelection = Object.freeze({
  ids: new Set<string>(),
  isBusy: false,
  result: null,
  error: null
});

/** Which are selected, wherever they stand in the list, and what came of the last action. */
export class SelectionModel<Row = JobRow> {
  constructor(act: ActOnMany<Row>) {
    this._act = act;
  }

  get snapshot(): IListSelection {
    return this._snapshot;
  }

  get changed(): ISignal<this, IListSelection> {
    return this._changed;
  }

  /** Where a range begins; null if there is none. */
  get anchor(): string | null {
    return this._anchor;
  }

  /** Select one, or no longer; a range begins at it. */
  toggle(id: string): void {
    const ids = new Set(this._snapshot.ids);
    if (!ids.delete(id)) {
      ids.add(id);
    }
    this._anchor = id;
    this._end = id;
    this._base = ids;
    this._publish({ ids, result: null, error: null });
  }

  /**
   * Select all from where the range began to one; the range grows and shrinks.
   *
   * @param from - Where the user stands: a range that ended elsewhere begins anew there. Null if
   * that does not count.
   * @param order - The ids of all, from top to bottom.
   */
  extend(from: string | null, to: string, order: readonly string[]): void {
    const isBroken = from !== null && from !== this._end;
    if (isBroken || this._anchor === null || !order.includes(this._anchor)) {
      this._anchor = from ?? to;
      this._base = this._snapshot.ids;
    }
    this._end = to;
    const ends = [order.indexOf(this._anchor), order.indexOf(to)];
    const range = order.slice(Math.min(...ends), Math.max(...ends) + 1);
    const ids = new Set([...this._base, ...range]);
    this._publish({ ids, result: null, error: null });
  }

  selectAll(ids: readonly string[]): void {
    this._anchor = null;
    this._publish({ ids: new Set(ids), result: null, error: null });
  }

  clear(): void {
    this._anchor = null;
    this._publish({ ids: NOTHING.ids, result: null, error: null });
  }

  /** Do something to those selected that it fits; those at which it was done are deselected. */
  async run(action: BulkAction, rows: readonly Row[]): Promise<void> {
    if (this._snapshot.isBusy) {
      return;
    }
    this._publish({ isBusy: true, result: null, error: null });
    try {
      const result = await this._act(action, rows);
      if (result) {
        this._take(result);
      }
    } catch (error) {
      this._publish({
        error: error instanceof Error ? error : new Error(String(error))
      });
    } finally {
      this._publish({ isBusy: false });
    }
  }

  private _take(result: BulkResult): void {
    const left = leftOver(result);
    const ids = new Set(this._snapshot.ids);
    for (const { id } of result.items) {
      if (!left.includes(id)) {
        ids.delete(id);
      }
    }
    this._anchor = null;
    this._publish({ ids, result });
  }

  private _publish(changes: Partial<IListSelection>): void {
    this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
    this._changed.emit(this._snapshot);
  }

  private readonly _act: ActOnMany<Row>;
  private readonly _changed = new Signal<this, IListSelection>(this);
  private _snapshot = NOTHING;
  private _anchor: string | null = null;
  private _end: string | null = null;
  private _base: ReadonlySet<string> = NOTHING.ids;
}
