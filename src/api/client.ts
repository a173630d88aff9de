import type { Event, ServerConnection } from '@jupyterlab/services';
import type { IObservableDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

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
  ResubmitPatch,
  SignalName,
  Submission,
  TaskList
} from '../model/contract';
import * as decode from '../model/decode';
import type {
  IBatchClient,
  IChangesQuery,
  IJobQuery,
  ILogChunk,
  ISubmitOptions,
  ITaskQuery
} from '../tokens';
import { Connection } from './connection';
import { JobDetails } from './details';
import { readLogHead } from './headers';
import { RunDirectories } from './runDirectories';

/** The event of `contract/changed.event.yaml`. */
export const CHANGED_SCHEMA_ID =
  'https://events.jupyter.org/jupyterlab_batch/changed/v1';

/** The batch server extension over HTTP, and its events. */
export class BatchClient implements IBatchClient, IObservableDisposable {
  constructor(options: BatchClient.IOptions) {
    this._connection = new Connection(options);
    this._events = options.events;
    this.details = new JobDetails(this._connection);
    this.runDirectories = new RunDirectories(this._connection);
    this._connection.failed.connect(() => this._connectionFailed.emit(), this);
    this._events?.connect(this._onEvent, this);
  }

  readonly details: JobDetails;
  readonly runDirectories: RunDirectories;

  get hinted(): ISignal<this, decode.ChangeHint> {
    return this._hinted;
  }

  get connectionFailed(): ISignal<this, void> {
    return this._connectionFailed;
  }

  get disposed(): ISignal<this, void> {
    return this._disposed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Listen no more. Calls under way still answer. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._events?.disconnect(this._onEvent, this);
    Signal.disconnectReceiver(this);
    this._disposed.emit();
    Signal.clearData(this);
  }

  listGateways(): Promise<Gateway[]> {
    return this._connection
      .sendFor({ path: ['gateways'] }, decode.decodeGatewayList)
      .then(({ gateways }) => gateways);
  }

  getGateway(id: string): Promise<Gateway> {
    return this._connection.sendFor(
      { path: ['gateways', id] },
      decode.decodeGateway
    );
  }

  importScript(gateway_id: string, path: string): Promise<ImportedSpec> {
    return this._connection.sendFor(
      { method: 'POST', path: ['specs', 'import'], body: { gateway_id, path } },
      decode.decodeImportedSpec
    );
  }

  listAllocations(id: string, fresh = false): Promise<AllocationList> {
    return this._connection.sendFor(
      { path: ['gateways', id, 'allocations'], query: { fresh } },
      decode.decodeAllocationList
    );
  }

  check(submission: Submission): Promise<Check> {
    return this._connection.sendFor(
      { method: 'POST', path: ['jobs', 'check'], body: submission },
      decode.decodeCheck
    );
  }

  submit(
    submission: Submission,
    key: string,
    options: ISubmitOptions = {}
  ): Promise<Job> {
    return this._connection.sendFor(
      {
        method: 'POST',
        path: ['jobs'],
        query: { anyway: options.anyway ? true : undefined },
        headers: { 'Idempotency-Key': key },
        body: submission,
        isLong: true
      },
      decode.decodeJob
    );
  }

  listJobs(query: IJobQuery = {}): Promise<JobList> {
    return this._connection.sendFor(
      { path: ['jobs'], query: { ...query } },
      decode.decodeJobList
    );
  }

  getJob(id: string): Promise<Job> {
    return this._connection.sendFor({ path: ['jobs', id] }, decode.decodeJob);
  }

  cancelJob(id: string, signal?: SignalName): Promise<ActionResult> {
    return this.orderJob(id, 'cancel', signal && { signal });
  }

  orderJob(id: string, verb: string, body?: object): Promise<ActionResult> {
    return this._connection.sendFor(
      { method: 'POST', path: ['jobs', id, verb], body, isLong: true },
      decode.decodeActionResult
    );
  }

  patchJob(id: string, patch: JobPatch): Promise<ActionResult> {
    return this._connection.sendFor(
      { method: 'PATCH', path: ['jobs', id], body: patch, isLong: true },
      decode.decodeActionResult
    );
  }

  resubmitJob(
    id: string,
    patch: ResubmitPatch,
    key: string,
    options: ISubmitOptions = {}
  ): Promise<Job> {
    return this._connection.sendFor(
      {
        method: 'POST',
        path: ['jobs', id, 'resubmit'],
        query: { anyway: options.anyway ? true : undefined },
        headers: { 'Idempotency-Key': key },
        body: { patch },
        isLong: true
      },
      decode.decodeJob
    );
  }

  declareLost(id: string): Promise<ActionResult> {
    return this.orderJob(id, 'declare-lost');
  }

  async forgetJob(id: string): Promise<void> {
    await this._connection.send({ method: 'DELETE', path: ['jobs', id] });
  }

  async actOnJobs(input: ActionInput): Promise<JobActionResult[]> {
    const { results } = await this._connection.sendFor(
      { method: 'POST', path: ['jobs', 'actions'], body: input, isLong: true },
      decode.decodeActionResults
    );
    return results;
  }

  markSeen(throughSeq: number): Promise<JobCounts> {
    return this._connection.sendFor(
      {
        method: 'POST',
        path: ['jobs', 'seen'],
        body: { through_seq: throughSeq }
      },
      decode.decodeJobCounts
    );
  }

  async getLog(
    id: string,
    stream: LogStream,
    offset: number,
    limit: number,
    task: number | null = null
  ): Promise<ILogChunk> {
    const { response, bytes } = await this._connection.send({
      path: ['jobs', id, 'log'],
      query: { stream, offset, limit, task: task ?? undefined }
    });
    return { bytes, ...readLogHead(response) };
  }

  listTasks(id: string, query: ITaskQuery = {}): Promise<TaskList> {
    return this._connection.sendFor(
      { path: ['jobs', id, 'tasks'], query: { ...query } },
      decode.decodeTaskList
    );
  }

  getChanges(query: IChangesQuery): Promise<Changes> {
    return this._connection.sendFor(
      { path: ['changes'], query: { ...query } },
      decode.decodeChanges
    );
  }

  listDrafts(): Promise<Draft[]> {
    return this._connection
      .sendFor({ path: ['drafts'] }, decode.decodeDraftList)
      .then(({ drafts }) => drafts);
  }

  getDraft(key: string): Promise<Draft> {
    return this._connection.sendFor(
      { path: ['drafts', key] },
      decode.decodeDraft
    );
  }

  putDraft(
    key: string,
    title: string,
    content: Record<string, unknown>
  ): Promise<Draft> {
    return this._connection.sendFor(
      { method: 'PUT', path: ['drafts', key], body: { title, content } },
      decode.decodeDraft
    );
  }

  async deleteDraft(key: string): Promise<void> {
    await this._connection.send({ method: 'DELETE', path: ['drafts', key] });
  }

  private _onEvent(_: unknown, event: Event.Emission): void {
    if (event.schema_id !== CHANGED_SCHEMA_ID) {
      return;
    }
    try {
      this._hinted.emit(decode.decodeChangeHint(event, ''));
    } catch (error) {
      // anyone can send an event of any shape: it is no reason to fail
      if (!(error instanceof decode.DecodeError)) {
        throw error;
      }
    }
  }

  private readonly _connection: Connection;
  private readonly _events: BatchClient.IOptions['events'];
  private readonly _hinted = new Signal<this, decode.ChangeHint>(this);
  private readonly _connectionFailed = new Signal<this, void>(this);
  private readonly _disposed = new Signal<this, void>(this);
  private _isDisposed = false;
}

export namespace BatchClient {
  export interface IOptions extends Connection.IOptions {
    serverSettings: ServerConnection.ISettings;
    /** The server's events, `app.serviceManager.events.stream`. */
    events?: ISignal<Event.IManager, Event.Emission>;
  }
}
