import type {
  ActionInput,
  ActionResult,
  JobActionResult,
  JobPatch,
  Phase,
  SignalName,
  TasksInput
} from '../../model/contract';
import type { JobOrder } from '../../model/orders';
import { isFinal } from '../../model/phase';
import { FakeServer } from './fakeServer';
import { numberOf } from './jobIds';

/** What a job is after an order. */
const PHASE_AFTER: Readonly<Record<JobOrder, Phase>> = {
  hold: 'HELD',
  release: 'QUEUED',
  suspend: 'SUSPENDED',
  resume: 'EXECUTING',
  requeue: 'QUEUED'
};

/** A server in memory that does what is ordered with jobs that it has. */
export class FakeOrders extends FakeServer {
  async cancelJob(id: string, signal?: SignalName): Promise<ActionResult> {
    return this._answer(signal ? `send ${signal}` : 'cancel', () => {
      const before = this._rows.get(id);
      const row = this.put(numberOf(id), {
        ...before,
        ...(signal ? {} : { substate: 'cancelling' })
      });
      return { refused_tasks: [], ...this.outcome, row };
    });
  }

  async orderJob(
    id: string,
    order: JobOrder | 'cancel',
    body?: TasksInput
  ): Promise<ActionResult> {
    if (body?.task_indices) {
      return this._answer(`${order} tasks ${body.task_indices}`, () => ({
        refused_tasks: [],
        ...this.outcome,
        row: this._known(id)
      }));
    }
    return order === 'cancel'
      ? this.cancelJob(id)
      : this._order(order, id, PHASE_AFTER[order]);
  }

  async patchJob(id: string, patch: JobPatch): Promise<ActionResult> {
    return this._answer(`patch ${JSON.stringify(patch)}`, () => {
      const { walltime_seconds } = patch;
      const isDone = this.outcome.outcome === 'ok' && walltime_seconds;
      const row = this.put(numberOf(id), {
        ...this._known(id),
        ...(isDone ? { walltime_seconds } : {})
      });
      return { refused_tasks: [], ...this.outcome, row };
    });
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
      return { refused_tasks: [], ...this.outcome, row };
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
