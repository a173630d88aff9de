import { Signal } from '@lumino/signaling';

import { BatchError } from '../../api/errors';
import type {
  ActionResult,
  Changes,
  Check,
  Draft,
  Gateway,
  Job,
  JobCounts,
  JobList,
  JobRow,
  LogStream,
  Phase,
  Submission
} from '../../model/contract';
import type { ChangeHint } from '../../model/decode';
import { readExample } from '../../model/__tests__/examples';
import { groupOf } from '../../model/phase';
import type {
  IBatchClient,
  IJobQuery,
  ILogChunk,
  ISubmitOptions
} from '../../tokens';
import { countJobs, cutLog } from './fakeAnswers';
import { idOf, numberOf } from './jobIds';

export { idOf } from './jobIds';

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
  /** What it says of every submission, and of which it was asked. */
  verdict: Check = {
    issues: [],
    preview: { script: '#!/bin/sh', request: '{}' }
  };
  readonly checked: Submission[] = [];
  /** Why it takes no submission. */
  refusal: Error | null = null;
  /** What comes of cancelling. */
  outcome: Pick<ActionResult, 'outcome' | 'message'> = {
    outcome: 'ok',
    message: null
  };
  /** The number of the last change of how a gateway is. */
  gatewaysSeq = 0;
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

  /** Take back a job that never was one: who may have seen it must list again. */
  takeBack(number: number): void {
    this._rows.delete(idOf(number));
    this.seq += 1;
    this.oldest = this.seq;
  }

  /** Let a gateway be as it was not before. */
  changeGateways(): void {
    this.seq += 1;
    this.gatewaysSeq = this.seq;
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
        counts: countJobs(this._rows.values()),
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
        gateways_seq: this.gatewaysSeq,
        counts: countJobs(this._rows.values()),
        rows,
        more
      };
    });
  }

  async getJob(id: string): Promise<Job> {
    return this._answer('job', () => {
      if (!this._rows.has(id)) {
        throw new BatchError('There is no such job.', { status: 404 });
      }
      return this._job(id);
    });
  }

  async getLog(
    _id: string,
    _stream: LogStream,
    offset: number,
    limit: number
  ): Promise<ILogChunk> {
    return this._answer(`log ${offset} ${limit}`, () =>
      cutLog(this.log, offset, limit)
    );
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

  async listDrafts(): Promise<Draft[]> {
    return this._answer('drafts', () => [...this.drafts.values()]);
  }

  async getGateway(id: string): Promise<Gateway> {
    return this._answer(`gateway ${id}`, () => {
      const gateway = this.gateways.find(known => known.id === id);
      if (!gateway) {
        throw new BatchError('There is no such gateway.', { status: 404 });
      }
      return gateway;
    });
  }

  async check(submission: Submission): Promise<Check> {
    this.checked.push(submission);
    return this._answer('check', () => this.verdict);
  }

  async submit(
    submission: Submission,
    key: string,
    options: ISubmitOptions = {}
  ): Promise<Job> {
    return this._answer(`submit${options.anyway ? ' anyway' : ''}`, () => {
      if (this.refusal) {
        throw this.refusal;
      }
      const number = this._numbers.get(key) ?? this._numbers.size + 1;
      if (!this._numbers.has(key)) {
        this._numbers.set(key, number);
        this.put(number, { name: submission.spec.name, phase: 'QUEUED' });
      }
      return this._job(idOf(number));
    });
  }

  async cancelJob(id: string): Promise<ActionResult> {
    return this._answer('cancel', () => {
      const before = this._rows.get(id);
      const row = this.put(numberOf(id), {
        ...before,
        substate: 'cancelling'
      });
      return { ...this.outcome, row };
    });
  }

  async holdJob(id: string): Promise<ActionResult> {
    return this._order('hold', id, 'HELD');
  }

  async releaseJob(id: string): Promise<ActionResult> {
    return this._order('release', id, 'QUEUED');
  }

  async markSeen(throughSeq: number): Promise<JobCounts> {
    return this._answer(`seen ${throughSeq}`, () => {
      for (const row of [...this._rows.values()]) {
        if (row.phase === 'ERROR' && row.revision <= throughSeq) {
          this.put(numberOf(row.id), { seen: true });
        }
      }
      return countJobs(this._rows.values());
    });
  }

  private _order(
    call: string,
    id: string,
    phase: Phase
  ): Promise<ActionResult> {
    return this._answer(call, () => {
      if (!this._rows.has(id)) {
        throw new BatchError('There is no such job.', { status: 404 });
      }
      const row = this.put(numberOf(id), {
        ...this._rows.get(id),
        ...(this.outcome.outcome === 'ok' ? { phase } : {})
      });
      return { ...this.outcome, row };
    });
  }

  private _job(id: string): Job {
    return {
      ...(readExample('Job.failed-notebook') as Job),
      ...this._rows.get(id)
    };
  }

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

  private readonly _rows = new Map<string, JobRow>();
  private readonly _numbers = new Map<string, number>();
}

/** Let all promises that can go on, go on. */
export async function settle(): Promise<void> {
  await jest.advanceTimersByTimeAsync(0);
}
