import { Token } from '@lumino/coreutils';
import type { IDisposable, IObservableDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

import type {
  Cluster,
  ClusterActionResult,
  ClusterCode,
  ClusterList,
  ClusterOffer,
  ClusterPlotList,
  ClusterProgress,
  ClusterRetireResult,
  ClusterSubmission,
  ClusterUsers,
  ClusterWorkerList,
  Issue
} from './model/contract';
import type { ILogChunk } from './tokens';

/**
 * The server's side of Dask clusters, as promises: one method an endpoint, nothing remembered.
 *
 * Every method rejects with a `BatchError`.
 */
export interface IClusterClient {
  /** Where clusters can be started, and what can be chosen there; the first is the default. */
  listGateways(): Promise<ClusterOffer[]>;
  /**
   * Those that are not over, and the last ones that are, newest first.
   *
   * @param isLooking - Somebody looks at their figures, which are kept fresh for that; false for who
   * only wants to know which there are.
   */
  list(isLooking?: boolean): Promise<ClusterList>;
  get(id: string): Promise<Cluster>;
  /** What starting it would be refused for, or would be different; nothing is started. */
  check(submission: ClusterSubmission): Promise<readonly Issue[]>;
  /** Start one cluster per key. */
  start(submission: ClusterSubmission, key: string): Promise<Cluster>;
  /** Have so many workers from now on; that ends adapting. */
  scale(id: string, count: number): Promise<ClusterActionResult>;
  /** Have as many workers as the work asks, between two numbers. */
  adapt(
    id: string,
    minimum: number,
    maximum: number
  ): Promise<ClusterActionResult>;
  /** End a cluster, with all that is only in its memory. */
  stop(id: string): Promise<ClusterActionResult>;
  /** Say which of its candidates one is whose answer was lost; null: none. */
  identify(id: string, nativeId: string | null): Promise<ClusterActionResult>;
  /** Forget one that is over. */
  forget(id: string): Promise<void>;
  /** The text of a cell that connects to it. */
  getCode(id: string): Promise<ClusterCode>;
  listWorkers(id: string): Promise<ClusterWorkerList>;
  /** End single workers, by their addresses, once they have handed on what they hold. */
  retire(id: string, workers: readonly string[]): Promise<ClusterRetireResult>;
  getProgress(id: string): Promise<ClusterProgress>;
  /** The clients that are connected to it. */
  getUsers(id: string): Promise<ClusterUsers>;
  /** Bytes of its log; a negative offset counts from the end. */
  getLog(id: string, offset: number, limit: number): Promise<ILogChunk>;
  /** What its dashboard can show. */
  listPlots(id: string): Promise<ClusterPlotList>;
  /** Where a page of its dashboard is, for a frame. */
  dashboardUrl(id: string, path: string): string;
}

/** All that the views show of clusters. Frozen: a change makes a new one. */
export interface IClustersSnapshot {
  readonly state: 'idle' | 'loading' | 'live' | 'stale';
  /** Newest first; null until they were heard. */
  readonly clusters: readonly Cluster[] | null;
  /** Since when the server has not answered, in ms since the epoch; null while it does. */
  readonly staleSince: number | null;
  /** Why the list could not be had last. */
  readonly error: Error | null;
}

/**
 * What is known of Dask clusters now, kept true by pushed changes.
 *
 * Nothing is asked of the server until the first `attach`, nor after the last one was disposed.
 */
export interface IClusterStore extends IObservableDisposable {
  readonly snapshot: IClustersSnapshot;
  readonly changed: ISignal<IClusterStore, IClustersSnapshot>;
  /** Keep the list live until the answer is disposed. */
  attach(): IDisposable;
  /** One cluster, if it is known here. */
  cluster(id: string): Cluster | undefined;
  /** Ask for one cluster and keep it. */
  fetch(id: string): Promise<Cluster>;
  /** Take a cluster that an action answered with, ahead of its event. */
  accept(cluster: Cluster): void;
  /** Drop a cluster that was forgotten, ahead of its event. */
  drop(id: string): void;
  /** List again. */
  refresh(): Promise<void>;
}

export const IClusterClient = new Token<IClusterClient>(
  'jupyterlab-batch:IClusterClient',
  'Dask clusters of the server.'
);

export const IClusterStore = new Token<IClusterStore>(
  'jupyterlab-batch:IClusterStore',
  'Dask clusters, kept live.'
);
