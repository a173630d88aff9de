import { Token } from '@lumino/coreutils';
import type { IDisposable, IObservableDisposable } from '@lumino/disposable';
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
  JobEvents,
  JobFiles,
  JobGroup,
  JobList,
  JobPatch,
  JobRecord,
  JobRow,
  JobSort,
  LogMatches,
  LogStream,
  Phase,
  RemovalResult,
  ResubmitPatch,
  RunDirectoryList,
  TasksInput,
  SignalName,
  Submission,
  TaskCauses,
  TaskList,
  TaskPhases,
  TaskSort,
  TaskUsage
} from './model/contract';
import type { ChangeHint } from './model/decode';
import type { JobOrder } from './model/orders';

/** What can be asked for in a list of jobs. */
export interface IJobQuery {
  group?: JobGroup;
  /** Only jobs of one of these phases. */
  phase?: readonly Phase[];
  /** Only jobs of one of these gateways. */
  gateway_id?: readonly string[];
  /** Words that all are part of the name. */
  q?: string;
  /** Tags that a job has all of, each `name` or `name=value`. */
  tag?: readonly string[];
  sort?: JobSort;
  /** By default true. */
  descending?: boolean;
  /** So many jobs are passed over. */
  offset?: number;
  cursor?: string;
  limit?: number;
  /** When the day began here; then `finished_today` is counted. */
  day_start?: string;
}

/** Which changes are asked for. */
export interface IChangesQuery {
  /** Those after this one. */
  since: number;
  store_id: string;
  /** When the day began here; then `finished_today` is counted. */
  day_start?: string;
}

/** Which tasks of an array are asked for. */
export interface ITaskQuery {
  /** Those of one of these; none is all. */
  phase?: readonly Phase[];
  /** By default in the order of their indices. */
  sort?: TaskSort;
  descending?: boolean;
  offset?: number;
  limit?: number;
}

/** Some bytes of a log. */
export interface ILogChunk {
  bytes: Uint8Array;
  /** Where the first byte stands in the file. */
  offset: number;
  /** Size of the whole file in bytes. */
  size: number;
  /** Changes when the file is another one or was truncated, not when it grows. */
  etag: string;
}

export type FindDirection = 'next' | 'previous';

/** What is looked for in a log. */
export interface IFindQuery {
  stream: LogStream;
  /** The index of a task; of an array, and only there. */
  task?: number;
  /** Without it, what tells of an error. */
  q?: string;
  direction: FindDirection;
  offset?: number;
  limit: number;
}

/** Which part of a folder is asked for. */
export interface IFileQuery {
  /** Below the run directory; empty for the run directory itself. */
  folder: string;
  offset: number;
  limit: number;
}

/** What the server can tell of one job; every method rejects with a `BatchError`. */
export interface IJobDetails {
  findInLog(id: string, query: IFindQuery): Promise<LogMatches>;
  /** Where all tasks of an array are. */
  getTaskPhases(id: string): Promise<TaskPhases>;
  getTaskCauses(id: string): Promise<TaskCauses>;
  getTaskUsage(id: string): Promise<TaskUsage>;
  /** A window of what lies in a folder of the run directory. */
  listFiles(id: string, query: IFileQuery): Promise<JobFiles>;
  /** When the job came into which phase. */
  listEvents(id: string): Promise<JobEvents>;
  /** The provenance of the job. */
  getRecord(id: string): Promise<JobRecord>;
  /** The address from which the browser downloads the same. */
  recordUrl(id: string): string;
  /** The address from which the browser downloads a whole log. */
  logUrl(id: string, stream: LogStream, task: number | null): string;
  /** The address from which the browser downloads a file of the run directory. */
  fileUrl(id: string, path: string): string;
}

/** What is asked of run directories, whatever became of their jobs. */
export interface IRunDirectories {
  /** A window, newest first. */
  list(cursor: string | null, limit: number): Promise<RunDirectoryList>;
  /** Remove those of jobs that are over, with all that is in them. */
  remove(jobIds: readonly string[]): Promise<RemovalResult[]>;
}

/** How to submit. */
export interface ISubmitOptions {
  /** Submit although there are warnings. */
  anyway?: boolean;
}

/**
 * The server's side, as promises: one method an endpoint, nothing remembered.
 *
 * Every method rejects with a `BatchError`.
 */
export interface IBatchClient {
  /** What is asked of one job by its page. */
  readonly details: IJobDetails;
  readonly runDirectories: IRunDirectories;
  listGateways(): Promise<Gateway[]>;
  getGateway(id: string): Promise<Gateway>;
  /** What a script says of its job; nothing is submitted. */
  importScript(gatewayId: string, path: string): Promise<ImportedSpec>;
  /** What the user may use of a gateway. */
  listAllocations(id: string, fresh?: boolean): Promise<AllocationList>;
  check(submission: Submission): Promise<Check>;
  submit(
    submission: Submission,
    key: string,
    options?: ISubmitOptions
  ): Promise<Job>;
  listJobs(query?: IJobQuery): Promise<JobList>;
  getJob(id: string): Promise<Job>;
  /** End a job; with a signal only send that to what it runs. */
  cancelJob(id: string, signal?: SignalName): Promise<ActionResult>;
  orderJob(
    id: string,
    order: JobOrder | 'cancel',
    body?: TasksInput
  ): Promise<ActionResult>;
  /** Change the terms of a job that is not over. */
  patchJob(id: string, patch: JobPatch): Promise<ActionResult>;
  /** Run once per key what a job that is over ran. */
  resubmitJob(
    id: string,
    patch: ResubmitPatch,
    key: string,
    options?: ISubmitOptions
  ): Promise<Job>;
  declareLost(id: string): Promise<ActionResult>;
  forgetJob(id: string): Promise<void>;
  /** Do the same to at most 1,000 jobs. */
  actOnJobs(input: ActionInput): Promise<JobActionResult[]>;
  markSeen(throughSeq: number): Promise<JobCounts>;
  /** @param task - The index of a task; needed for an array, and only there. */
  getLog(
    id: string,
    stream: LogStream,
    offset: number,
    limit: number,
    task?: number | null
  ): Promise<ILogChunk>;
  /** A window of the tasks of an array. */
  listTasks(id: string, query?: ITaskQuery): Promise<TaskList>;
  getChanges(query: IChangesQuery): Promise<Changes>;
  listDrafts(): Promise<Draft[]>;
  getDraft(key: string): Promise<Draft>;
  putDraft(
    key: string,
    title: string,
    content: Record<string, unknown>
  ): Promise<Draft>;
  deleteDraft(key: string): Promise<void>;
  /** Something changed on the server: a hint, at most ten times a second. */
  readonly hinted: ISignal<IBatchClient, ChangeHint>;
  /** A call could not reach the server. */
  readonly connectionFailed: ISignal<IBatchClient, void>;
}

/** How fresh the list is. */
export type JobsState = 'idle' | 'loading' | 'live' | 'stale';

/** The jobs of one group that are known here, newest first; the finished ones by their end. */
export interface IJobWindow {
  readonly rows: readonly JobRow[];
  /** There are more of them on the server. */
  readonly hasMore: boolean;
}

/** All that the views show of jobs. Frozen: a change makes a new one. */
export interface IJobsSnapshot {
  readonly state: JobsState;
  readonly groups: Readonly<Record<JobGroup, IJobWindow>>;
  readonly counts: JobCounts | null;
  /** How many of the finished ones ended today; null while that is not known. */
  readonly finishedToday: number | null;
  readonly gateways: readonly Gateway[];
  /** The server has said which gateways there are, be it none. */
  readonly areGatewaysKnown: boolean;
  /** Of the store that the numbers belong to; empty before it is known. */
  readonly storeId: string;
  readonly seq: number;
  /** The number of the last change of a Dask cluster that was heard of; 0 before any. */
  readonly clustersSeq: number;
  /** When the server answered last, or was asked first, in ms since the epoch; null while it answers. */
  readonly staleSince: number | null;
  /** The last failure of a call, if the list could not be had. */
  readonly error: Error | null;
}

/**
 * What is known of jobs now, kept true by pushed changes.
 *
 * Nothing is asked of the server until the first `attach`, nor after the last one was disposed.
 */
export interface IJobStore extends IObservableDisposable {
  readonly snapshot: IJobsSnapshot;
  readonly changed: ISignal<IJobStore, IJobsSnapshot>;
  /** Keep the list live until the answer is disposed. */
  attach(): IDisposable;
  /** The row of one job, if it is known here. */
  row(id: string): JobRow | undefined;
  /** Ask for one job and keep its row. */
  fetchRow(id: string): Promise<JobRow>;
  /** Show more jobs of a group. */
  loadMore(group: JobGroup): Promise<void>;
  /** Take a row that an action answered with, ahead of its event. */
  accept(row: JobRow): void;
  /** Drop the rows of jobs that were forgotten, ahead of their event. */
  drop(ids: readonly string[]): void;
  /** These jobs are no more. */
  readonly dropped: ISignal<IJobStore, readonly string[]>;
  /** List again. */
  refresh(): Promise<void>;
}

export const IBatchClient = new Token<IBatchClient>(
  'jupyterlab-batch:IBatchClient',
  'The batch server extension of this Jupyter server.'
);

export const IJobStore = new Token<IJobStore>(
  'jupyterlab-batch:IJobStore',
  'The batch jobs that are known in this browser tab, kept live.'
);
