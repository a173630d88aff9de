import { Signal } from '@lumino/signaling';

import { BatchError } from '../../api/errors';
import type {
  ActionResult,
  AllocationList,
  ArrayTask,
  Check,
  Draft,
  Gateway,
  ImportedSpec,
  Issue,
  Job,
  JobArray,
  JobRow,
  Submission
} from '../../model/contract';
import type { ChangeHint } from '../../model/decode';
import { readExample } from '../../model/__tests__/examples';
import { idOf } from './jobIds';
import { refusal } from './refusals';

const ROW = readExample('JobRow.running') as JobRow;

/** The jobs, drafts and gateways of a server in memory, and how it answers: slowly, or not at all. */
export class FakeServer {
  readonly hinted = new Signal<this, ChangeHint>(this);
  readonly connectionFailed = new Signal<this, void>(this);
  readonly calls: string[] = [];
  readonly drafts = new Map<string, Draft>();
  gateways: Gateway[] = [readExample('Gateway.slurm') as Gateway];
  log: { bytes: Uint8Array; etag: string } = {
    bytes: new Uint8Array(0),
    etag: ''
  };
  /** Of every array. */
  tasks: ArrayTask[] = [];
  storeId = 'store-1';
  seq = 0;
  /** The oldest sequence number that can be asked for. */
  oldest = 0;
  isOffline = false;
  /** The server answers, but cannot use its store. */
  isStoreLocked = false;
  /** It does what it is asked, but what it says does not arrive. */
  isAnswerLost = false;
  /** What may be used of each gateway. */
  allocations: AllocationList = { allocations: [], as_of: null, missing: null };
  /** What it says of every submission, and of which it was asked. */
  verdict: Check = {
    issues: [],
    similar: null,
    cost: null,
    allocation_left: null,
    limits: [],
    preview: { script: '#!/bin/sh', request: '{}' }
  };
  readonly checked: Submission[] = [];
  /** What it reads in every script; null of none that it takes. */
  script: ImportedSpec | null = readExample(
    'ImportedSpec.script'
  ) as ImportedSpec;
  /** Why it takes no submission. */
  refusal: Error | null = null;
  /** What it warns of: it takes no submission that does not come anyway. */
  warnings: Issue[] = [];
  /** What comes of an action. */
  outcome: Pick<ActionResult, 'outcome' | 'message'> &
    Partial<Pick<ActionResult, 'refused_tasks'>> = {
    outcome: 'ok',
    message: null
  };
  /** The number of the last change of how a gateway is. */
  gatewaysSeq = 0;
  /** The number of the last change of a Dask cluster. */
  clustersSeq = 0;
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

  /** Let a Dask cluster be as it was not before. @returns the number of that change. */
  changeClusters(): number {
    this.seq += 1;
    this.clustersSeq = this.seq;
    return this.seq;
  }

  /** Be another store, with nothing in it. */
  replace(storeId: string): void {
    this.storeId = storeId;
    this.seq = 0;
    this.clustersSeq = 0;
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

  protected _job(id: string): Job {
    const job = {
      ...(readExample('Job.failed-notebook') as Job),
      ...this._rows.get(id)
    };
    const { array: counts, spec } = job;
    return counts
      ? { ...job, spec: { ...spec, array: indicesOf(counts.size) } }
      : job;
  }

  /** The row of a job; there has to be one. */
  protected _known(id: string): JobRow {
    const row = this._rows.get(id);
    if (!row) {
      const { problem } = refusal('unknown_job');
      throw new BatchError('There is no such job.', { status: 404, problem });
    }
    return row;
  }

  /** Take a submission, once per key. */
  protected _take(key: string, name: string, isAnyway = false): Job {
    if (this.refusal) {
      throw this.refusal;
    }
    if (this.warnings.length > 0 && !isAnyway) {
      throw refusal('warnings', this.warnings);
    }
    const number = this._numbers.get(key) ?? this._rows.size + 1;
    if (!this._numbers.has(key)) {
      this._numbers.set(key, number);
      this.put(number, { name, phase: 'QUEUED' });
    }
    return this._job(idOf(number));
  }

  /** Answer a call as the server is. */
  async answer<T>(call: string, answer: () => T): Promise<T> {
    return this._answer(call, answer);
  }

  protected async _answer<T>(call: string, answer: () => T): Promise<T> {
    this.calls.push(call);
    if (this.isOffline) {
      this.connectionFailed.emit();
      throw new BatchError('Nobody answers', { status: 0, isOffline: true });
    }
    if (this.isStoreLocked) {
      this.connectionFailed.emit();
      throw refusal('store_unavailable');
    }
    const result = answer();
    await this.gate;
    if (this.isAnswerLost) {
      throw new BatchError('Nobody answers', { status: 0, isOffline: true });
    }
    return result;
  }

  protected _sorted(): JobRow[] {
    return [...this._rows.values()].sort((one, other) =>
      one.id < other.id ? 1 : -1
    );
  }

  protected readonly _rows = new Map<string, JobRow>();
  protected readonly _numbers = new Map<string, number>();
}

/** An array of so many tasks, numbered from 10. */
function indicesOf(size: number): JobArray {
  return { kind: 'index', start: 10, stop: size + 9 };
}
