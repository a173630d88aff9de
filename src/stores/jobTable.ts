import { Debouncer } from '@lumino/polling';

import type { JobList, JobRow, JobSort } from '../model/contract';
import { formatQuery } from '../model/query';
import type { JobFilter } from '../model/query';
import type { IBatchClient, IJobStore } from '../tokens';
import { toJobQuery } from './filteredJobs';
import { WindowedStore } from './windowedStore';
import type { IWindowed } from './windowedStore';

/** What is typed is sent when nothing was typed for so long. */
const TYPING_MS = 200;

/** Which jobs, in which order. */
export type TableQuery = Readonly<{
  filter: JobFilter;
  sort: JobSort;
  descending: boolean;
}>;

/** What is known of a list of jobs. Frozen; the rows are had by `row`. */
export interface ITableSnapshot extends IWindowed {
  readonly query: TableQuery;
  /** Of each phase so many fit all but the phases of the filter. */
  readonly phases: Readonly<Record<string, number>> | null;
}

/**
 * A list of jobs of any length.
 *
 * A job that changed is shown at once as it is, and the list is asked for again soon after, for it
 * may stand elsewhere now.
 */
export class JobTable extends WindowedStore<ITableSnapshot, JobRow, JobList> {
  constructor(
    private readonly _client: Pick<IBatchClient, 'listJobs'>,
    private readonly _jobs: IJobStore,
    query: TableQuery
  ) {
    super({
      query,
      total: null,
      phases: null,
      isLoading: true,
      error: null,
      version: 0
    });
    _jobs.changed.connect(this._onChanged, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._typed.dispose();
      this._jobs.changed.disconnect(this._onChanged, this);
      super.dispose();
    }
  }

  /** The job at a place of the list, as it is now; undefined while that is not known. */
  row(index: number): JobRow | undefined {
    const row = this.rowAt(index);
    const newer = row && this._jobs.row(row.id);
    return newer && newer.revision > row.revision ? newer : row;
  }

  /** Where a job stands, if that is known. */
  indexOf(id: string): number | null {
    return this.placeOf(row => row.id === id);
  }

  /** Show other jobs, or in another order. */
  setQuery(query: TableQuery): void {
    if (this.isDisposed || isSame(query, this.snapshot.query)) {
      return;
    }
    this.becomeOther();
    this.publish({ query, isLoading: true, error: null });
    void this._typed.invoke();
  }

  protected ask(offset: number, limit: number): Promise<JobList> {
    const { filter, sort, descending } = this.snapshot.query;
    return this._client.listJobs({
      ...toJobQuery(filter),
      sort,
      descending,
      offset,
      limit
    });
  }

  protected take({ seq, rows, phases }: JobList) {
    this._seq = Math.max(this._seq, seq);
    return { rows, changes: { phases } };
  }

  private _onChanged(): void {
    const { seq, state } = this._jobs.snapshot;
    if (state === 'live' && seq !== this._seq) {
      if (this._seq === -1) {
        this._seq = seq;
      } else {
        this.askAgainSoon();
      }
    }
    this.publish({ version: this.snapshot.version + 1 });
  }

  private readonly _typed = new Debouncer(() => this.refresh(), TYPING_MS);
  private _seq = -1;
}

function isSame(one: TableQuery, other: TableQuery): boolean {
  return (
    one.sort === other.sort &&
    one.descending === other.descending &&
    formatQuery(one.filter) === formatQuery(other.filter)
  );
}
