import type { JobRow } from '../model/contract';
import { toCsv } from '../model/csv';
import { csvLines } from '../model/jobCsv';
import type { ColumnId } from '../model/columns';
import { toJobQuery } from '../stores/filteredJobs';
import type { TableQuery } from '../stores/jobTable';
import type { IBatchClient, IJobStore } from '../tokens';
import type { SelectionModel } from './selectionModel';

/** No more than this are selected at once by one key or click. */
const MOST_SELECTED = 10_000;

/** So many jobs come at a time for an export. */
const EXPORT_WINDOW = 500;

/** A list of any length whose rows can be selected. */
export interface ISelectableTable<Row> {
  row(place: number): Row | undefined;
  /** Where a row stands, if that is known. */
  indexOf(id: string): number | null;
  /** Make some places known. */
  load(first: number, last: number): Promise<readonly Row[]>;
  /** Make the first places known. */
  loadFirst(count: number): Promise<readonly Row[]>;
}

/** What tells one row of a list from another, and from an older one of the same. */
export interface IRowIdentity<Row> {
  idOf: (row: Row) => string;
  newest: (row: Row) => Row;
}

/** What identifies jobs. */
export function jobIdentity(jobs: IJobStore): IRowIdentity<JobRow> {
  return {
    idOf: row => row.id,
    newest: row => {
      const here = jobs.row(row.id);
      return here && here.revision > row.revision ? here : row;
    }
  };
}

/** Which rows of a table are selected, also of those that are no longer in sight. */
export class TableSelection<Row> {
  constructor(
    private readonly _table: ISelectableTable<Row>,
    private readonly _selection: SelectionModel<Row>,
    private readonly _identity: IRowIdentity<Row>
  ) {}

  /** The selected ones, each as it is now. */
  get rows(): Row[] {
    const { ids } = this._selection.snapshot;
    const rows: Row[] = [];
    for (const [id, row] of this._known) {
      if (ids.has(id)) {
        rows.push(this._identity.newest(row));
      } else {
        this._known.delete(id);
      }
    }
    return rows;
  }

  toggle(row: Row): void {
    const id = this._identity.idOf(row);
    this._known.set(id, row);
    this._selection.toggle(id);
  }

  /**
   * Select as far as a place of the list.
   *
   * @param from - Where the keyboard stands; null with the mouse.
   */
  async extend(from: Row | null, to: number): Promise<void> {
    const { idOf } = this._identity;
    const begin = from && idOf(from);
    const ends = [
      to,
      ...[begin, this._selection.anchor]
        .flatMap(id => (id ? [this._table.indexOf(id)] : []))
        .flatMap(index => (index === null ? [] : [index]))
    ];
    const first = Math.min(...ends);
    const last = Math.min(Math.max(...ends), first + MOST_SELECTED - 1);
    const rows = this._note(await this._table.load(first, last));
    const target = this._table.row(to) ?? rows[rows.length - 1];
    if (target) {
      this._selection.extend(begin, idOf(target), rows.map(idOf));
    }
  }

  async selectAll(): Promise<void> {
    const rows = this._note(await this._table.loadFirst(MOST_SELECTED));
    if (rows.length > 0) {
      this._selection.selectAll(rows.map(this._identity.idOf));
    }
  }

  /** @returns whether anything was selected. */
  clear(): boolean {
    const { ids, result } = this._selection.snapshot;
    const isAny = ids.size > 0 || result !== null;
    this._selection.clear();
    return isAny;
  }

  private _note(rows: readonly Row[]): readonly Row[] {
    rows.forEach(row => this._known.set(this._identity.idOf(row), row));
    return rows;
  }

  private readonly _known = new Map<string, Row>();
}

/**
 * Write all jobs of a list as CSV, in its order.
 *
 * A job that moves while they are had is in there once.
 */
export async function exportCsv(
  client: Pick<IBatchClient, 'listJobs'>,
  { filter, sort, descending }: TableQuery,
  columns: readonly ColumnId[]
): Promise<string> {
  const rows = new Map<string, JobRow>();
  for (let offset = 0; ; offset += EXPORT_WINDOW) {
    const answer = await client.listJobs({
      ...toJobQuery(filter),
      sort,
      descending,
      offset,
      limit: EXPORT_WINDOW
    });
    answer.rows.forEach(row => rows.set(row.id, row));
    if (answer.rows.length < EXPORT_WINDOW) {
      return toCsv(csvLines(columns, [...rows.values()]));
    }
  }
}
