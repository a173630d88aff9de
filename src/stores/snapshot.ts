import type { Gateway, JobCounts, JobGroup, JobRow } from '../model/contract';
import { groupOf, JOB_GROUPS } from '../model/phase';
import type { IJobsSnapshot, IJobWindow } from '../tokens';

const EMPTY_WINDOW: IJobWindow = Object.freeze({
  rows: Object.freeze([]),
  hasMore: false
});

/** What is known before anything was asked. */
export const EMPTY_SNAPSHOT: IJobsSnapshot = Object.freeze({
  state: 'idle',
  groups: Object.freeze({
    needs_you: EMPTY_WINDOW,
    running: EMPTY_WINDOW,
    queued: EMPTY_WINDOW,
    finished: EMPTY_WINDOW
  }),
  counts: null,
  finishedToday: null,
  gateways: Object.freeze([]) as readonly Gateway[],
  areGatewaysKnown: false,
  storeId: '',
  seq: 0,
  clustersSeq: 0,
  staleSince: null,
  error: null
});

/** The newest known row of each job, and the groups they make. */
export class JobRows {
  get(id: string): JobRow | undefined {
    return this._rows.get(id);
  }

  /** How many jobs of a group are known. */
  count(group: JobGroup): number {
    return this._windows[group].rows.length;
  }

  /**
   * Take rows in; one whose `revision` is not newer than the known one is ignored.
   *
   * @returns the rows that they replace, undefined for a new job, with what replaces them.
   */
  merge(rows: readonly JobRow[]): readonly IReplacement[] {
    const replacements: IReplacement[] = [];
    for (const row of rows) {
      const before = this._rows.get(row.id);
      if (!before || before.revision < row.revision) {
        this._rows.set(row.id, Object.freeze(row));
        replacements.push({ before, after: row });
      }
    }
    return replacements;
  }

  /**
   * Take rows out.
   *
   * @returns those that were known.
   */
  remove(ids: readonly string[]): readonly JobRow[] {
    const removed = ids.flatMap(id => this._rows.get(id) ?? []);
    ids.forEach(id => this._rows.delete(id));
    return removed;
  }

  /** Forget all rows. */
  clear(): void {
    this._rows.clear();
  }

  /** Put the rows in their groups, newest first, the finished ones by their end; a group that did not change stays the same object. */
  group(counts: JobCounts | null): IJobsSnapshot['groups'] {
    const rows: Record<JobGroup, JobRow[]> = {
      needs_you: [],
      running: [],
      queued: [],
      finished: []
    };
    for (const row of this._rows.values()) {
      rows[groupOf(row)].push(row);
    }
    const windows = { ...this._windows };
    let isChanged = false;
    for (const name of JOB_GROUPS) {
      const hasMore = counts !== null && counts[name] > rows[name].length;
      const sorted = rows[name].sort(name === 'finished' ? byEnd : byAge);
      if (!isSame(windows[name], sorted, hasMore)) {
        windows[name] = Object.freeze({ rows: Object.freeze(sorted), hasMore });
        isChanged = true;
      }
    }
    if (isChanged) {
      this._windows = Object.freeze(windows);
    }
    return this._windows;
  }

  private readonly _rows = new Map<string, JobRow>();
  private _windows: IJobsSnapshot['groups'] = EMPTY_SNAPSHOT.groups;
}

/** One row that took the place of another. */
export interface IReplacement {
  readonly before: JobRow | undefined;
  readonly after: JobRow;
}

/** The counts after these replacements, before the server says them. */
export function recount(
  counts: JobCounts,
  replacements: readonly IReplacement[]
): JobCounts {
  const result = { ...counts };
  for (const { before, after } of replacements) {
    if (before) {
      result[groupOf(before)] -= 1;
    }
    result[groupOf(after)] += 1;
  }
  return Object.freeze(result);
}

/** The id of a job begins with the time of its creation. */
function byAge(one: JobRow, other: JobRow): number {
  return one.id < other.id ? 1 : one.id > other.id ? -1 : 0;
}

/** The last to end first. */
export function byEnd(one: JobRow, other: JobRow): number {
  const [end, otherEnd] = [one.ended_at ?? '', other.ended_at ?? ''];
  return end === otherEnd ? byAge(one, other) : end < otherEnd ? 1 : -1;
}

function isSame(
  window: IJobWindow,
  rows: readonly JobRow[],
  hasMore: boolean
): boolean {
  return (
    window.hasMore === hasMore &&
    window.rows.length === rows.length &&
    window.rows.every((row, index) => row === rows[index])
  );
}
