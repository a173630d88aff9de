import { Signal } from '@lumino/signaling';

import { BatchError } from '../../api/errors';
import type {
  Changes,
  Draft,
  Gateway,
  Job,
  JobCounts,
  JobList,
  JobRow,
  LogStream
} from '../../model/contract';
import type { ChangeHint } from '../../model/decode';
import { readExample } from '../../model/__tests__/examples';
import { groupOf } from '../../model/phase';
import type { IBatchClient, IJobQuery, ILogChunk } from '../../tokens';

const ROW = readExample('JobRow.running') as JobRow;

/** A server in memory, as far as the stores ask one, that can be slow or away. */
export class FakeClient implements IBatchClient {
  readonly hinted = new Signal<this, ChangeHint>(this);
  readonly connectionFailed = new Signal<this, void>(this);
  readonly calls: string[] = [];
  readonly drafts = new Map<string, Draft>();
  gateways: Gateway[] = [readExample('Gateway.slurm') as Gateway];
  log: { bytes: Uint8Array; etag: string } = {
    bytes: new Uint8Array(0),
    etag: ''
  };
  storeId = 'store-1';
  seq = 0;
  /** The oldest sequence number that can be asked for. */
  oldest = 0;
  isOffline = false;
  /** Answers wait for this. */
  gate: Promise<void> = Promise.resolve();

  /** Change or add a job on the server. */
  put(number: number, changes: Partial<JobRow> = {}): JobRow {
    const id = idOf(number);
    const before = this._rows.get(id) ?? { ...ROW, id, name: `job ${number}` };
    this.seq += 1;
    const row = { ...before, ...changes, revision: this.seq };
    this._rows.set(id, row);
    return row;
  }

  /** Be another store, with nothing in it. */
  replace(storeId: string): void {
    this.storeId = storeId;
    this.seq = 0;
    this._rows.clear();
  }

  hint(seq = this.seq, store_id = this.storeId): void {
    this.hinted.emit({ store_id, seq });
  }

  /** Let answers wait until the answer is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.gate = new Promise(resolve => (release = resolve));
    return release;
  }

  count(pattern: RegExp): number {
    return this.calls.filter(call => pattern.test(call)).length;
  }

  async listGateways(): Promise<Gateway[]> {
    return this._answer('gateways', () => this.gateways);
  }

  async listJobs(query: IJobQuery = {}): Promise<JobList> {
    return this._answer(`list ${query.group ?? 'all'}`, () => {
      const all = this._sorted().filter(
        row => !query.group || groupOf(row) === query.group
      );
      const rest = all.filter(row => !query.cursor || row.id < query.cursor);
      const rows = rest.slice(0, query.limit ?? 50);
      return {
        store_id: this.storeId,
        seq: this.seq,
        total: all.length,
        counts: this._counts(),
        rows,
        cursor: rows.length < rest.length ? rows[rows.length - 1].id : null
      };
    });
  }

  async getChanges(since: number, storeId: string): Promise<Changes> {
    return this._answer(`changes ${since}`, () => {
      if (storeId !== this.storeId || since < this.oldest) {
        throw new BatchError('List again.', { status: 410 });
      }
      const changed = this._sorted()
        .filter(row => row.revision > since)
        .sort((one, other) => one.revision - other.revision);
      const rows = changed.slice(0, 100);
      const more = rows.length < changed.length;
      return {
        store_id: this.storeId,
        seq: more ? rows[rows.length - 1].revision : this.seq,
        counts: this._counts(),
        rows,
        more
      };
    });
  }

  async getJob(id: string): Promise<Job> {
    return this._answer('job', () => ({
      ...(readExample('Job.failed-notebook') as Job),
      ...this._rows.get(id)
    }));
  }

  async getLog(
    _id: string,
    _stream: LogStream,
    offset: number,
    limit: number
  ): Promise<ILogChunk> {
    return this._answer(`log ${offset} ${limit}`, () => {
      const { bytes, etag } = this.log;
      const size = bytes.length;
      const first = Math.min(
        size,
        Math.max(0, offset < 0 ? size + offset : offset)
      );
      return {
        bytes: bytes.slice(first, first + limit),
        offset: first,
        size,
        etag
      };
    });
  }

  async putDraft(
    key: string,
    title: string,
    content: Record<string, unknown>
  ): Promise<Draft> {
    return this._answer(`put ${title}`, () => {
      const draft = {
        key,
        title,
        content,
        updated_at: '2026-11-22T22:14:00Z',
        sent: false,
        job_id: null
      };
      this.drafts.set(key, draft);
      return draft;
    });
  }

  async getDraft(key: string): Promise<Draft> {
    return this._answer('draft', () => {
      const draft = this.drafts.get(key);
      if (!draft) {
        throw new BatchError('There is no such draft.', { status: 404 });
      }
      return draft;
    });
  }

  async deleteDraft(key: string): Promise<void> {
    return this._answer('delete', () => {
      this.drafts.delete(key);
    });
  }

  readonly getGateway = notAsked;
  readonly check = notAsked;
  readonly submit = notAsked;
  readonly cancelJob = notAsked;
  readonly markSeen = notAsked;
  readonly listDrafts = notAsked;

  private async _answer<T>(call: string, answer: () => T): Promise<T> {
    this.calls.push(call);
    if (this.isOffline) {
      this.connectionFailed.emit();
      throw new BatchError('Nobody answers', { status: 0, isOffline: true });
    }
    const result = answer();
    await this.gate;
    return result;
  }

  private _sorted(): JobRow[] {
    return [...this._rows.values()].sort((one, other) =>
      one.id < other.id ? 1 : -1
    );
  }

  private _counts(): JobCounts {
    const counts = { needs_you: 0, running: 0, queued: 0, finished: 0 };
    for (const row of this._rows.values()) {
      counts[groupOf(row)] += 1;
    }
    return counts;
  }

  private readonly _rows = new Map<string, JobRow>();
}

/** The id of the job with this number; a higher number is a newer job. */
export function idOf(number: number): string {
  return `01jdb6m2x4e8kq9v7w3z${String(number).padStart(6, '0')}`;
}

/** Let all promises that can go on, go on. */
export async function settle(): Promise<void> {
  await jest.advanceTimersByTimeAsync(0);
}

async function notAsked(): Promise<never> {
  throw new Error('No store asks this');
}
