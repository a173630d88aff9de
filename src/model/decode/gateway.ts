import type { Gateway, Queue, Site } from '../contract';
import { changeableFields, optionalFields, time } from './codes';
import { flag, integer, list, nullable, number, object, text } from './decoder';
import type { Decoder } from './decoder';

const queue: Decoder<Queue> = object<Queue>({
  name: text,
  title: text,
  max_walltime_seconds: nullable(integer),
  default_walltime_seconds: nullable(integer),
  max_cores: nullable(integer),
  max_memory_bytes: nullable(integer),
  max_nodes: nullable(integer),
  total_cores: nullable(integer),
  gpus: list(
    object<Queue['gpus'][number]>({
      type: nullable(text),
      max_per_node: integer
    })
  ),
  features: list(text),
  accounts: nullable(list(text)),
  qos: nullable(list(text)),
  is_open: flag,
  default: flag
});

const site: Decoder<Site> = object<Site>({
  as_of: nullable(time),
  accepts: optionalFields,
  native: list(text),
  default_account: nullable(text),
  qos: list(
    object<Site['qos'][number]>({
      name: text,
      title: text,
      accounts: list(text),
      max_walltime_seconds: nullable(integer),
      default: flag
    })
  ),
  reservations: list(
    object<Site['reservations'][number]>({
      name: text,
      queue: nullable(text),
      starts_at: nullable(time),
      ends_at: nullable(time),
      nodes: nullable(integer),
      cores: nullable(integer)
    })
  ),
  features: list(text),
  jobs_waiting: nullable(integer)
});

/** Read a gateway. */
export const decodeGateway: Decoder<Gateway> = object<Gateway>({
  id: text,
  kind: text,
  title: text,
  version: nullable(text),
  health: object<Gateway['health']>({
    ok: flag,
    auth_ok: nullable(flag),
    latency_ms: nullable(number),
    error: nullable(text),
    as_of: nullable(time)
  }),
  capabilities: object<Gateway['capabilities']>({
    push: flag,
    history: flag,
    memory_limit: flag,
    walltime_limit: flag,
    usage: flag,
    accounts: flag,
    hold: flag,
    dependencies: flag,
    signal: flag,
    requeue: flag,
    suspend: flag,
    changes: changeableFields,
    task_orders: flag,
    script_options: flag
  }),
  survives: object<Gateway['survives']>({ server_restart: flag, reboot: flag }),
  limits: object<Gateway['limits']>({
    max_cores: nullable(integer),
    max_memory_bytes: nullable(integer),
    max_gpus: nullable(integer),
    max_array_size: nullable(integer),
    max_name_length: integer
  }),
  queues: list(queue),
  accounts: list(text),
  site,
  notices: list(text)
});

/** Read the list of gateways. */
export const decodeGatewayList = object<{ gateways: Gateway[] }>({
  gateways: list(decodeGateway)
});
