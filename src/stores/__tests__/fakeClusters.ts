import type { IClusterClient } from '../../clusterTokens';
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
} from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { isFinal } from '../../model/phase';
import type { ILogChunk } from '../../tokens';
import type { FakeServer } from './fakeServer';
import { refusal } from './refusals';

/** The id of the cluster of a number; they sort as they were made. */
export function clusterIdOf(number: number): string {
  return `01kb6y2fs0${String(number).padStart(16, '0')}`;
}

const RUNNING: Cluster = {
  ...(readExample('Cluster.running') as Cluster),
  workers: {
    ready: 2,
    wanted: 2,
    adaptive: false,
    minimum: null,
    maximum: null,
    note: null
  }
};

/** Dask clusters of a server in memory, under the sequence of its jobs. */
export class FakeClusters implements IClusterClient {
  constructor(private readonly _server: FakeServer) {}

  offers: ClusterOffer[] = (
    readExample('ClusterGatewayList.local') as { gateways: ClusterOffer[] }
  ).gateways.slice(0, 1);
  /** Why it starts none, or does nothing with one. */
  refusal: Error | null = null;
  /** What comes of an action. */
  outcome: Pick<ClusterActionResult, 'outcome' | 'message'> = {
    outcome: 'ok',
    message: null
  };
  /** What a check finds. */
  issues: readonly Issue[] = [];
  readonly checked: ClusterSubmission[] = [];
  workers = readExample('ClusterWorkerList.two') as ClusterWorkerList;
  progress = readExample('ClusterProgress.some') as ClusterProgress;
  users: ClusterUsers = {
    as_of: '2026-11-29T10:00:00Z',
    clients: 0,
    kernel_ids: []
  };
  plots = readExample('ClusterPlotList.some') as ClusterPlotList;
  log = 'distributed.scheduler - INFO\n';
  /** What comes of ending a worker. */
  retirement: Pick<
    ClusterRetireResult['results'][number],
    'outcome' | 'message'
  > = { outcome: 'ok', message: null };
  readonly started: ClusterSubmission[] = [];
  readonly keys: string[] = [];

  /** Change or add a cluster on the server. */
  put(number: number, changes: Partial<Cluster> = {}): Cluster {
    const id = clusterIdOf(number);
    const before = this._clusters.get(id) ?? {
      ...RUNNING,
      id,
      name: `dask ${number}`
    };
    const revision = this._server.changeClusters();
    const cluster = { ...before, ...changes, revision };
    this._clusters.set(id, cluster);
    return cluster;
  }

  listGateways(): Promise<ClusterOffer[]> {
    return this._server.answer('offers', () => this.offers);
  }

  list(isLooking = true): Promise<ClusterList> {
    const call = isLooking ? 'clusters' : 'clusters from afar';
    return this._server.answer(call, () => ({
      store_id: this._server.storeId,
      seq: this._server.seq,
      clusters: [...this._clusters.values()].reverse()
    }));
  }

  check(submission: ClusterSubmission): Promise<readonly Issue[]> {
    this.checked.push(submission);
    return this._server.answer('check cluster', () => this.issues);
  }

  get(id: string): Promise<Cluster> {
    return this._server.answer('cluster', () => this._known(id));
  }

  start(submission: ClusterSubmission, key: string): Promise<Cluster> {
    this.started.push(submission);
    this.keys.push(key);
    return this._server.answer('start', () => {
      if (this.refusal) {
        throw this.refusal;
      }
      const number = this._numbers.get(key) ?? this._clusters.size + 1;
      this._numbers.set(key, number);
      return this.put(number, {
        name: submission.spec.name ?? 'dask',
        phase: 'EXECUTING',
        substate: 'starting',
        spec: submission.spec
      });
    });
  }

  scale(id: string, count: number): Promise<ClusterActionResult> {
    const { workers } = RUNNING;
    return this._act(`scale ${count}`, id, {
      workers: { ...workers, wanted: count }
    });
  }

  adapt(
    id: string,
    minimum: number,
    maximum: number
  ): Promise<ClusterActionResult> {
    const { workers } = RUNNING;
    return this._act(`adapt ${minimum} ${maximum}`, id, {
      workers: { ...workers, adaptive: true, minimum, maximum }
    });
  }

  stop(id: string): Promise<ClusterActionResult> {
    return this._act('stop', id, { substate: 'stopping' });
  }

  identify(id: string, nativeId: string | null): Promise<ClusterActionResult> {
    return this._act(`identify ${nativeId}`, id, {
      candidates: null,
      native_id: nativeId
    });
  }

  forget(id: string): Promise<void> {
    return this._server.answer('forget cluster', () => {
      this._known(id);
      this._clusters.delete(id);
      this._server.changeClusters();
    });
  }

  listWorkers(id: string): Promise<ClusterWorkerList> {
    return this._server.answer('workers', () => {
      this._known(id);
      return this.workers;
    });
  }

  retire(id: string, workers: readonly string[]): Promise<ClusterRetireResult> {
    return this._server.answer(`retire ${workers.join(' ')}`, () => ({
      results: workers.map(worker => ({ worker, ...this.retirement })),
      cluster: this._known(id)
    }));
  }

  getProgress(id: string): Promise<ClusterProgress> {
    return this._server.answer('progress', () => {
      this._known(id);
      return this.progress;
    });
  }

  getUsers(id: string): Promise<ClusterUsers> {
    return this._server.answer('users', () => {
      this._known(id);
      return this.users;
    });
  }

  getLog(id: string, offset: number, limit: number): Promise<ILogChunk> {
    return this._server.answer('cluster log', () => {
      this._known(id);
      const all = new TextEncoder().encode(this.log);
      const start = offset < 0 ? Math.max(0, all.length + offset) : offset;
      return {
        bytes: all.slice(start, start + limit),
        offset: start,
        size: all.length,
        etag: '"1"'
      };
    });
  }

  listPlots(id: string): Promise<ClusterPlotList> {
    return this._server.answer('plots', () => {
      this._known(id);
      return this.plots;
    });
  }

  dashboardUrl(id: string, path: string): string {
    return `/dashboard/${id}/${path}`;
  }

  getCode(id: string): Promise<ClusterCode> {
    return this._server.answer('code', () => ({
      ...(readExample('ClusterClient.files') as ClusterCode),
      code: `client = Client("${id}")`
    }));
  }

  private _act(
    call: string,
    id: string,
    changes: Partial<Cluster>
  ): Promise<ClusterActionResult> {
    return this._server.answer(call, () => {
      if (this.refusal) {
        throw this.refusal;
      }
      const before = this._known(id);
      if (isFinal(before.phase)) {
        return { outcome: 'already_final', message: null, cluster: before };
      }
      const isDone = this.outcome.outcome === 'ok';
      const number = Number(id.slice(10));
      const cluster = this.put(number, isDone ? changes : {});
      return { ...this.outcome, cluster };
    });
  }

  private _known(id: string): Cluster {
    const cluster = this._clusters.get(id);
    if (!cluster) {
      throw refusal('unknown_cluster');
    }
    return cluster;
  }

  private readonly _clusters = new Map<string, Cluster>();
  private readonly _numbers = new Map<string, number>();
}
