import type { Gateway, Queue } from '../contract';
import { time } from './codes';
import { flag, integer, list, nullable, number, object, text } from './decoder';
import type { Decoder } from './decoder';

const queue: Decoder<Queue> = object<Queue>({
  name: text,
  title: text,
  max_walltime_seconds: nullable(integer),
  max_cores: nullable(integer),
  max_memory_bytes: nullable(integer),
  default: flag
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
    dependencies: flag
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
  notices: list(text)
});

/** Read the list of gateways. */
export const decodeGatewayList = object<{ gateways: Gateway[] }>({
  gateways: list(decodeGateway)
});
