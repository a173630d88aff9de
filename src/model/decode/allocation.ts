import type {
  Allocation,
  AllocationList,
  AllocationUnit,
  Cost
} from '../contract';
import { time } from './codes';
import { list, nullable, number, object, text, word } from './decoder';
import type { Decoder } from './decoder';

const unit = word<AllocationUnit>(
  {
    cores: true,
    core_hours: true,
    gpus: true,
    gpu_hours: true,
    nodes: true,
    node_hours: true,
    bytes: true,
    gigabyte_hours: true,
    jobs: true,
    submitted_jobs: true,
    hours: true,
    units: true,
    unit_hours: true
  },
  'units'
);

/** Read what may be used of one resource. */
export const decodeAllocation: Decoder<Allocation> = object<Allocation>({
  gateway_id: text,
  account: nullable(text),
  user: nullable(text),
  qos: nullable(text),
  queue: nullable(text),
  queues: list(text),
  resource: text,
  unit,
  limit: text,
  granted: nullable(number),
  used: nullable(number),
  reserved: nullable(number),
  as_of: time,
  period: word<Allocation['period']>({
    at_once: true,
    each_job: true,
    total: true,
    fading: true
  }),
  half_life_seconds: nullable(number),
  enforced_by: word<Allocation['enforced_by']>({
    scheduler: true,
    gateway: true,
    advisory: true
  }),
  source: text
});

/** Read all that may be used of a gateway. */
export const decodeAllocationList: Decoder<AllocationList> =
  object<AllocationList>({
    allocations: list(decodeAllocation),
    as_of: nullable(time),
    missing: nullable(text)
  });

/** Read what a submission takes. */
export const decodeCost: Decoder<Cost> = object<Cost>({
  likely: nullable(number),
  at_most: number,
  unit
});
