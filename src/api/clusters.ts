import type { IClusterClient } from '../clusterTokens';
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
} from '../model/contract';
import * as decode from '../model/decode/cluster';
import * as views from '../model/decode/clusterViews';
import type { ILogChunk } from '../tokens';
import { Connection } from './connection';
import { readLogHead } from './headers';

/** Dask clusters over HTTP. */
export class ClusterClient implements IClusterClient {
  constructor(options: Connection.IOptions) {
    this._connection = new Connection(options);
  }

  async listGateways(): Promise<ClusterOffer[]> {
    const { gateways } = await this._connection.sendFor(
      { path: ['clusters', 'gateways'] },
      decode.decodeClusterGatewayList
    );
    return gateways;
  }

  list(isLooking = true): Promise<ClusterList> {
    const query = isLooking ? {} : { looking: false };
    return this._connection.sendFor(
      { path: ['clusters'], query },
      decode.decodeClusterList
    );
  }

  async check(submission: ClusterSubmission): Promise<readonly Issue[]> {
    const { issues } = await this._connection.sendFor(
      { method: 'POST', path: ['clusters', 'check'], body: submission },
      decode.decodeClusterCheck
    );
    return issues;
  }

  get(id: string): Promise<Cluster> {
    return this._connection.sendFor(
      { path: ['clusters', id] },
      decode.decodeCluster
    );
  }

  start(submission: ClusterSubmission, key: string): Promise<Cluster> {
    return this._connection.sendFor(
      {
        method: 'POST',
        path: ['clusters'],
        headers: { 'Idempotency-Key': key },
        body: submission,
        isLong: true
      },
      decode.decodeCluster
    );
  }

  scale(id: string, count: number): Promise<ClusterActionResult> {
    return this._act(id, 'scale', { count });
  }

  adapt(
    id: string,
    minimum: number,
    maximum: number
  ): Promise<ClusterActionResult> {
    return this._act(id, 'adapt', { minimum, maximum });
  }

  stop(id: string): Promise<ClusterActionResult> {
    return this._act(id, 'stop');
  }

  identify(id: string, nativeId: string | null): Promise<ClusterActionResult> {
    return this._act(id, 'identify', { native_id: nativeId });
  }

  async forget(id: string): Promise<void> {
    await this._connection.send({ method: 'DELETE', path: ['clusters', id] });
  }

  getCode(id: string): Promise<ClusterCode> {
    return this._connection.sendFor(
      { path: ['clusters', id, 'client'] },
      decode.decodeClusterCode
    );
  }

  listWorkers(id: string): Promise<ClusterWorkerList> {
    return this._connection.sendFor(
      { path: ['clusters', id, 'workers'] },
      views.decodeClusterWorkers
    );
  }

  retire(id: string, workers: readonly string[]): Promise<ClusterRetireResult> {
    return this._connection.sendFor(
      {
        method: 'POST',
        path: ['clusters', id, 'retire'],
        body: { workers },
        isLong: true
      },
      views.decodeClusterRetireResult
    );
  }

  getProgress(id: string): Promise<ClusterProgress> {
    return this._connection.sendFor(
      { path: ['clusters', id, 'progress'] },
      views.decodeClusterProgress
    );
  }

  getUsers(id: string): Promise<ClusterUsers> {
    return this._connection.sendFor(
      { path: ['clusters', id, 'users'] },
      views.decodeClusterUsers
    );
  }

  async getLog(id: string, offset: number, limit: number): Promise<ILogChunk> {
    const { response, bytes } = await this._connection.send({
      path: ['clusters', id, 'log'],
      query: { offset, limit }
    });
    return { bytes, ...readLogHead(response) };
  }

  listPlots(id: string): Promise<ClusterPlotList> {
    return this._connection.sendFor(
      { path: ['clusters', id, 'plots'] },
      views.decodeClusterPlots
    );
  }

  dashboardUrl(id: string, path: string): string {
    return this._connection.urlOf({
      path: ['clusters', id, 'dashboard', ...path.split('/')]
    });
  }

  private _act(
    id: string,
    verb: string,
    body?: object
  ): Promise<ClusterActionResult> {
    return this._connection.sendFor(
      { method: 'POST', path: ['clusters', id, verb], body, isLong: true },
      decode.decodeClusterActionResult
    );
  }

  private readonly _connection: Connection;
}
