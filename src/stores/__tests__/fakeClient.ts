import { BatchError } from '../../api/errors';
import type {
  AllocationList,
  Changes,
  Check,
  Draft,
  Gateway,
  ImportedSpec,
  Job,
  JobCounts,
  JobList,
  LogStream,
  ResubmitPatch,
  Submission,
  TaskList
} from '../../model/contract';
import { groupOf } from '../../model/phase';
import type {
  IBatchClient,
  IChangesQuery,
  IJobQuery,
  ILogChunk,
  ISubmitOptions,
  ITaskQuery
} from '../../tokens';
import { byEnd } from '../snapshot';
import {
  countJobs,
  countPhases,
  countToday,
  cutLog,
  isFound
} from './fakeAnswers';
import { FakeDetails } from './fakeDetails';
import { FakeDirectories } from './fakeDirectories';
import { FakeOrders } from './fakeOrders';
import { numberOf } from './jobIds';
import { refusal } from './refusals';

export { idOf } from './jobIds';

/** A server in memory, as far as the front end asks one. */
export class FakeClient extends FakeOrders implements IBatchClient {
  readonly runDirectories = new FakeDirectories();
  readonly details = new FakeDetails(
    (call, answer) => this._answer(call, answer),
    () => this.log.bytes
  );

  async listGateways(): Promise<Gateway[]> {
    return this._answer('gateways', () => this.gateways);
  }

  async listJobs(query: IJobQuery = {}): Promise<JobList> {
    return this._answer(`list ${query.group ?? 'all'}`, () => {
      const all = this._sorted().filter(
        row =>
          (!query.group || groupOf(row) === query.group) && isFound(query, row)
      );
      if (query.sort === 'ended') {
        all.sort(byEnd);
      }
      const rest = all
        .filter(row => !query.cursor || row.id < query.cursor)
        .slice(query.offset ?? 0);
      const rows = rest.slice(0, query.limit ?? 50);
      return {
        store_id: this.storeId,
        seq: this.seq,
        clusters_seq: this.clustersSeq,
        total: all.length,
        counts: countJobs(this._rows.values()),
        finished_today: countToday(query, this._rows.values()),
        phases: countPhases(this._rows.values()),
        rows,
        cursor: rows.length < rest.length ? rows[rows.length - 1].id : null
      };
    });
  }

  async getChanges(query: IChangesQuery): Promise<Changes> {
    const { since, store_id } = query;
    return this._answer(`changes ${since}`, () => {
      if (store_id !== this.storeId || since < this.oldest) {
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
        clusters_seq: this.clustersSeq,
        counts: countJobs(this._rows.values()),
        finished_today: countToday(query, this._rows.values()),
        rows,
        more
      };
    });
  }

  async getJob(id: string): Promise<Job> {
    return this._answer('job', () => {
      this._known(id);
      return this._job(id);
    });
  }

  async getLog(
    _id: string,
    _stream: LogStream,
    offset: number,
    limit: number,
    task: number | null = null
  ): Promise<ILogChunk> {
    const of = task === null ? '' : ` of task ${task}`;
    return this._answer(`log ${offset} ${limit}${of}`, () =>
      cutLog(this.log, offset, limit)
    );
  }

  async listTasks(_id: string, query: ITaskQuery = {}): Promise<TaskList> {
    const { offset = 0, limit = 50 } = query;
    return this._answer(
      `tasks ${query.phase?.join() || 'all'} ${offset}`,
      () => ({
        total: this.tasks.length,
        tasks: this.tasks.slice(offset, offset + limit)
      })
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
        const { problem } = refusal('unknown_draft');
        throw new BatchError('x', { status: 404, problem });
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

  async importScript(gateway: string, path: string): Promise<ImportedSpec> {
    return this._answer(`import ${gateway} ${path}`, () => {
      if (!this.script) {
        throw refusal('not_valid');
      }
      return this.script;
    });
  }

  async listAllocations(id: string): Promise<AllocationList> {
    return this._answer(`allocations ${id}`, () => this.allocations);
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
      return this._take(key, submission.spec.name, options.anyway);
    });
  }

  async resubmitJob(
    id: string,
    patch: ResubmitPatch,
    key: string,
    options: ISubmitOptions = {}
  ): Promise<Job> {
    const call = `resubmit ${key} ${JSON.stringify(patch)}`;
    return this._answer(`${call}${options.anyway ? ' anyway' : ''}`, () =>
      this._take(key, patch.name ?? this._known(id).name, options.anyway)
    );
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
}

/** Let all promises that can go on, go on. */
export async function settle(): Promise<void> {
  await jest.advanceTimersByTimeAsync(0);
}
