import type { ClusterWorker } from './contract';

/** The columns of the table of workers, as they stand. */
export const WORKER_COLUMNS = [
  'name',
  'state',
  'memory',
  'spilled',
  'cpu',
  'tasks',
  'results',
  'seen'
] as const;

export type WorkerColumn = (typeof WORKER_COLUMNS)[number];

/** Tell whether a column holds numbers, which stand at its right. */
export function isNumberOfWorker(column: WorkerColumn): boolean {
  return ['spilled', 'cpu', 'tasks', 'results'].includes(column);
}

/** How the table is sorted; all but names begin with what is most. */
export interface IWorkerOrder {
  readonly column: WorkerColumn;
  readonly isDescending: boolean;
}

/** Sort by a column, or the other way round if it is sorted by that already. */
export function orderedBy(
  order: IWorkerOrder,
  column: WorkerColumn
): IWorkerOrder {
  return order.column === column
    ? { column, isDescending: !order.isDescending }
    : { column, isDescending: column !== 'name' };
}

/** The workers in an order; those of which nothing is known stand last. */
export function sortWorkers(
  workers: readonly ClusterWorker[],
  { column, isDescending }: IWorkerOrder
): readonly ClusterWorker[] {
  if (column === 'name') {
    return isDescending ? [...workers].reverse() : workers;
  }
  const sign = isDescending ? -1 : 1;
  return [...workers].sort((one, other) => {
    const [a, b] = [valueOf(one, column), valueOf(other, column)];
    return a === null || b === null
      ? Number(a === null) - Number(b === null)
      : sign * (a - b);
  });
}

/** The part of its memory that a worker has used, from 0 to 1; null where that is not known. */
export function memoryOf({
  memory_bytes: total,
  memory_used_bytes: used
}: ClusterWorker): number | null {
  return used === null || !total ? null : Math.min(1, used / total);
}

/** From here on Dask pauses a worker. */
export const NEAR_LIMIT = 0.8;

const STATES: readonly ClusterWorker['state'][] = [
  'starting',
  'running',
  'closing',
  'paused'
];

/** What a worker is sorted by; larger is more. */
function valueOf(
  worker: ClusterWorker,
  column: Exclude<WorkerColumn, 'name'>
): number | null {
  switch (column) {
    case 'state':
      return STATES.indexOf(worker.state);
    case 'memory':
      return memoryOf(worker) ?? worker.memory_used_bytes;
    case 'spilled':
      return worker.spilled_bytes;
    case 'cpu':
      return worker.cpu_percent;
    case 'tasks':
      return worker.tasks_processing;
    case 'results':
      return worker.tasks_in_memory;
    case 'seen':
      return worker.last_seen_at === null
        ? null
        : -Date.parse(worker.last_seen_at);
  }
}
