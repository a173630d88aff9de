import { BatchError } from '../../api/errors';
import type {
  ActionInput,
  ActionResult,
  AllocationList,
  Changes,
  Check,
  Draft,
  Gateway,
  ImportedSpec,
  Job,
  JobActionResult,
  JobCounts,
  JobList,
  JobPatch,
  LogStream,
  Phase,
  ResubmitPatch,
  Submission,
  TaskList
} from '../../model/contract';
import type { JobOrder } from '../../model/orders';
import { groupOf, isFinal } from '../../model/phase';
import type {
  IBatchClient,
  IJobQuery,
  ILogChunk,
  ISubmitOptions,
  ITaskQuery
} from '../../tokens';
import { countJobs, countPhases, cutLog, isFound } from './fakeAnswers';
import { FakeDetails } from './fakeDetails';
import { FakeDirectories } from './fakeDirectories';
import { FakeServer } from './fakeServer';
import { numberOf } from './jobIds';
import { refusal } from './refusals';

export { idOf } from './jobIds';

/** What a job is after an order. */
const PHASE_AFTER: Readonly<Record<JobOrder, Phase>> = {
  hold: 'HELD',
  release: 'QUEUED',
  suspend: 'SUSPENDED',
  resume: 'EXECUTING',
  requeue: 'QUEUED'
};

/** A server in memory, as far as the front end asks one. */
export class FakeClient extends FakeServer implements IBatchClient {
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
      const rest = all
        .filter(row => !query.cursor || row.id < query.cursor)
        .slice(query.offset ?? 0);
      const rows = rest.slice(0, query.limit ?? 50);
      return {
        store_id: this.storeId,
        seq: this.seq,
        total: all.length,
        counts: countJobs(this._rows.values()),
        phases: countPhases(this._rows.values()),
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

  async orderJob(id: string, order: JobOrder): Promise<ActionResult> {
    return this._order(order, id, PHASE_AFTER[order]);
  }

  async patchJob(id: string, patch: JobPatch): Promise<ActionResult> {
    return this._answer(`patch ${JSON.stringify(patch)}`, () => {
      const { walltime_seconds } = patch;
      const isDone = this.outcome.outcome === 'ok' && walltime_seconds;
      const row = this.put(numberOf(id), {
        ...this._known(id),
        ...(isDone ? { walltime_seconds } : {})
      });
      return { ...this.outcome, row };
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

  async declareLost(id: string): Promise<ActionResult> {
    return this._order('declare-lost', id, 'ERROR');
  }

  async forgetJob(id: string): Promise<void> {
    return this._answer('forget', () => {
      this._known(id);
      this.takeBack(numberOf(id));
    });
  }

  async actOnJobs(input: ActionInput): Promise<JobActionResult[]> {
    const { action, job_ids } = input;
    return this._answer(`${action} ${job_ids.length}`, () =>
      job_ids.map(job_id => this._act(action, job_id))
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

  private _order(
    call: string,
    id: string,
    phase: Phase
  ): Promise<ActionResult> {
    return this._answer(call, () => {
      const row = this.put(numberOf(id), {
        ...this._known(id),
        ...(this.outcome.outcome === 'ok' ? { phase } : {})
      });
      return { ...this.outcome, row };
    });
  }

  private _act(action: ActionInput['action'], job_id: string): JobActionResult {
    if (action === 'resubmit') {
      throw new Error('The front end sends each resubmission by itself.');
    }
    const row = this._rows.get(job_id);
    const result = { job_id, message: null };
    if (!row) {
      return { ...result, outcome: 'not_found', row: null };
    }
    if (action === 'forget') {
      this.takeBack(numberOf(job_id));
      return { ...result, outcome: 'ok', row: null };
    }
    if (isFinal(row.phase)) {
      return { ...result, outcome: 'already_final', row };
    }
    const changes =
      action === 'cancel'
        ? ({ substate: 'cancelling' } as const)
        : { phase: PHASE_AFTER[action] };
    const after = this.put(numberOf(job_id), { ...row, ...changes });
    return { ...result, ...this.outcome, row: after };
  }
}

/** Let all promises that can go on, go on. */
export async function settle(): Promise<void> {
  await jest.advanceTimersByTimeAsync(0);
}
