import type {
  RemovalResult,
  RunDirectory,
  RunDirectoryList
} from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import type { IRunDirectories } from '../../tokens';

/** Run directories of a server in memory. */
export class FakeDirectories implements IRunDirectories {
  rows: RunDirectory[] = (
    readExample('RunDirectoryList.some') as RunDirectoryList
  ).rows;
  /** Each call fails for this reason. */
  error: Error | null = null;
  /** What came of some that cannot be removed, by the id of the job. */
  readonly refused = new Map<string, RemovalResult['outcome']>();
  readonly removals: (readonly string[])[] = [];

  async list(cursor: string | null, limit: number): Promise<RunDirectoryList> {
    this._fail();
    const from = cursor === null ? 0 : Number(cursor);
    const rows = this.rows.slice(from, from + limit);
    const next = from + rows.length;
    return { rows, cursor: next < this.rows.length ? String(next) : null };
  }

  async remove(jobIds: readonly string[]): Promise<RemovalResult[]> {
    this._fail();
    this.removals.push(jobIds);
    return jobIds.map(job_id => {
      const outcome = this.refused.get(job_id) ?? 'ok';
      if (outcome === 'ok') {
        this.rows = this.rows.filter(row => row.job_id !== job_id);
      }
      const message = outcome === 'ok' ? null : `${job_id}: ${outcome}`;
      return { job_id, outcome, message };
    });
  }

  private _fail(): void {
    if (this.error) {
      throw this.error;
    }
  }
}
