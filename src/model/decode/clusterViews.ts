/** What is seen of a cluster on its page; apart, as only that page loads it. */
import type {
  ClusterPlotList,
  ClusterProgress,
  ClusterRetireResult,
  ClusterUsers,
  ClusterWorker,
  ClusterWorkerList
} from '../contract';
import { decodeCluster } from './cluster';
import { time } from './codes';
import { integer, list, nullable, number, object, text, word } from './decoder';
import type { Decoder } from './decoder';

/** Read the workers of a cluster. */
export const decodeClusterWorkers: Decoder<ClusterWorkerList> =
  object<ClusterWorkerList>({
    as_of: time,
    workers: list(
      object<ClusterWorker>({
        address: text,
        name: text,
        state: word<ClusterWorker['state']>({
          starting: true,
          running: true,
          paused: true,
          closing: true
        }),
        cores: nullable(integer),
        cpu_percent: nullable(number),
        memory_bytes: nullable(integer),
        memory_used_bytes: nullable(integer),
        spilled_bytes: nullable(integer),
        tasks_processing: nullable(integer),
        tasks_in_memory: nullable(integer),
        last_seen_at: nullable(time)
      })
    )
  });

/** Read who is connected to a cluster. */
export const decodeClusterUsers: Decoder<ClusterUsers> = object<ClusterUsers>({
  as_of: time,
  clients: integer,
  kernel_ids: nullable(list(text))
});

/** Read how far the work of a cluster is. */
export const decodeClusterProgress: Decoder<ClusterProgress> =
  object<ClusterProgress>({
    as_of: time,
    groups_total: integer,
    groups: list(
      object<ClusterProgress['groups'][number]>({
        name: text,
        total: integer,
        waiting: integer,
        processing: integer,
        done: integer,
        erred: integer
      })
    )
  });

/** Read what came of ending single workers. */
export const decodeClusterRetireResult: Decoder<ClusterRetireResult> =
  object<ClusterRetireResult>({
    results: list(
      object<ClusterRetireResult['results'][number]>({
        worker: text,
        outcome: word<ClusterRetireResult['results'][number]['outcome']>({
          ok: true,
          not_found: true,
          denied: true
        }),
        message: nullable(text)
      })
    ),
    cluster: decodeCluster
  });

/** Read what the dashboard of a cluster can show. */
export const decodeClusterPlots: Decoder<ClusterPlotList> =
  object<ClusterPlotList>({
    plots: list(
      object<ClusterPlotList['plots'][number]>({
        path: text,
        title: text,
        kind: word<ClusterPlotList['plots'][number]['kind']>({
          page: true,
          plot: true
        })
      })
    )
  });
