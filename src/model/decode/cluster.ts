/** Apart from the other decoders: who shows no cluster does not load these. */
import type {
  Cluster,
  ClusterActionResult,
  ClusterCheck,
  ClusterCode,
  ClusterList,
  ClusterOffer,
  ClusterPhase,
  ClusterReason,
  ClusterSpec,
  ClusterWarning
} from '../contract';
import { decodeIssue } from './answers';
import { jobId, time } from './codes';
import {
  anything,
  DecodeError,
  dictionary,
  fieldsOf,
  flag,
  integer,
  list,
  nullable,
  number,
  object,
  optional,
  text,
  word
} from './decoder';
import type { Decoder } from './decoder';

type Workers = ClusterSpec['workers'];

const phase = word<ClusterPhase>({
  PENDING: true,
  QUEUED: true,
  EXECUTING: true,
  COMPLETED: true,
  ERROR: true,
  ABORTED: true,
  UNKNOWN: true
});

const reason = word<ClusterReason>({
  resources: true,
  priority: true,
  answer_lost: true,
  stopped_by_user: true,
  idle: true,
  closed: true,
  launch_failed: true,
  failed: true,
  killed: true,
  memory: true,
  node: true,
  lost: true,
  other: true
});

const fixed = object<Omit<Extract<Workers, { kind: 'fixed' }>, 'kind'>>({
  count: integer
});

const adaptive = object<Omit<Extract<Workers, { kind: 'adaptive' }>, 'kind'>>({
  minimum: integer,
  maximum: integer
});

/** Read how many workers are asked for. */
const workers: Decoder<Workers> = (value, path) => {
  const { kind } = fieldsOf(value, path);
  switch (kind) {
    case 'fixed':
      return { kind, ...fixed(value, path) };
    case 'adaptive':
      return { kind, ...adaptive(value, path) };
    default:
      throw new DecodeError(`${path}.kind`, 'fixed | adaptive');
  }
};

/** Read the specification of a cluster. */
export const decodeClusterSpec: Decoder<ClusterSpec> = object<ClusterSpec>({
  name: optional(text),
  workers,
  idle_stop_seconds: optional(integer),
  working_directory: optional(nullable(text)),
  options: optional(dictionary(anything))
});

/** Read a cluster. Its id is made as those of jobs are. */
export const decodeCluster: Decoder<Cluster> = object<Cluster>({
  id: jobId,
  gateway_id: text,
  native_id: nullable(text),
  name: text,
  phase,
  substate: nullable(
    word<NonNullable<Cluster['substate']>>({ starting: true, stopping: true })
  ),
  reason: nullable(reason),
  reason_text: nullable(text),
  workers: object<Cluster['workers']>({
    ready: nullable(integer),
    wanted: nullable(integer),
    adaptive: flag,
    minimum: nullable(integer),
    maximum: nullable(integer),
    note: nullable(text)
  }),
  cores: nullable(integer),
  memory_bytes: nullable(integer),
  memory_used_bytes: nullable(integer),
  tasks: nullable(
    object<NonNullable<Cluster['tasks']>>({
      total: integer,
      waiting: integer,
      processing: integer,
      in_memory: integer,
      erred: integer
    })
  ),
  has_dashboard: flag,
  created_at: time,
  started_at: nullable(time),
  ended_at: nullable(time),
  ends_at: nullable(time),
  idle_since: nullable(time),
  idle_stop_at: nullable(time),
  idle_stop_seconds: nullable(integer),
  spec: decodeClusterSpec,
  owner: text,
  stale_since: nullable(time),
  warnings: list(
    object<ClusterWarning>({
      code: word<ClusterWarning['code']>({
        memory: true,
        workers_killed: true,
        versions: true
      }),
      since: nullable(time),
      workers: nullable(integer),
      packages: list(
        object<ClusterWarning['packages'][number]>({
          name: text,
          cluster: nullable(text),
          client: nullable(text)
        })
      )
    })
  ),
  is_found: flag,
  candidates: nullable(
    list(
      object<NonNullable<Cluster['candidates']>[number]>({
        native_id: text,
        created_at: nullable(time),
        state: text,
        options: dictionary(anything)
      })
    )
  ),
  revision: integer
});

/** Read the list of clusters. */
export const decodeClusterList: Decoder<ClusterList> = object<ClusterList>({
  store_id: text,
  seq: integer,
  clusters: list(decodeCluster)
});

/** Read what starting a cluster would be refused for. */
export const decodeClusterCheck: Decoder<ClusterCheck> = object<ClusterCheck>({
  issues: list(decodeIssue)
});

/** Read what came of an action. */
export const decodeClusterActionResult: Decoder<ClusterActionResult> =
  object<ClusterActionResult>({
    outcome: word<ClusterActionResult['outcome']>({
      ok: true,
      already_final: true,
      denied: true,
      error: true
    }),
    message: nullable(text),
    cluster: decodeCluster
  });

type Connection = ClusterCode['connection'];

const files = object<Omit<Extract<Connection, { kind: 'files' }>, 'kind'>>({
  scheduler_file: text,
  tls_ca_file: text,
  tls_certificate_file: text,
  tls_key_file: text
});

type Address = Extract<Connection, { kind: 'gateway' }>;

const address = object<Omit<Address, 'kind'>>({
  address: text,
  proxy_address: nullable(text),
  name: text,
  auth: word<Address['auth']>({ basic: true, jupyterhub: true, token: true }),
  user_name: nullable(text),
  secret: object<Address['secret']>({
    kind: word<Address['secret']['kind']>({
      file: true,
      command: true,
      variable: true
    }),
    place: text
  })
});

/** Read where what a client needs is to be found. */
const connection: Decoder<Connection> = (value, path) => {
  const { kind } = fieldsOf(value, path);
  switch (kind) {
    case 'files':
      return { kind, ...files(value, path) };
    case 'gateway':
      return { kind, ...address(value, path) };
    default:
      throw new DecodeError(`${path}.kind`, 'files | gateway');
  }
};

/** Read what connects a notebook to a cluster. */
export const decodeClusterCode: Decoder<ClusterCode> = object<ClusterCode>({
  code: text,
  python: nullable(text),
  connection
});

const offer: Decoder<ClusterOffer> = object<ClusterOffer>({
  id: text,
  kind: text,
  title: text,
  version: nullable(text),
  health: object<ClusterOffer['health']>({
    ok: flag,
    auth_ok: nullable(flag),
    latency_ms: nullable(number),
    error: nullable(text),
    as_of: nullable(time)
  }),
  unavailable: nullable(text),
  capabilities: object<ClusterOffer['capabilities']>({
    adaptive: flag,
    tasks: flag,
    survives_server: flag,
    idle_stop: flag,
    working_directory: flag,
    workers: flag,
    retire: flag,
    progress: flag,
    log: flag,
    dashboard: flag
  }),
  limits: object<ClusterOffer['limits']>({
    max_workers: nullable(integer),
    max_idle_stop_seconds: nullable(integer),
    max_name_length: integer
  }),
  options: dictionary(anything),
  default_spec: decodeClusterSpec,
  notices: list(text)
});

/** Read where clusters can be started. */
export const decodeClusterGatewayList = object<{ gateways: ClusterOffer[] }>({
  gateways: list(offer)
});
