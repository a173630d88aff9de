import type * as React from 'react';

import { WORKER_COLUMNS } from '../../model/clusterWorkers';
import type { WorkerColumn } from '../../model/clusterWorkers';
import type { ClusterWorker } from '../../model/contract';
import { moveByKey } from '../table/gridKeys';
import type { GridSpot } from '../table/gridKeys';

/** What keys do in the grid of workers. */
export interface IWorkerKeyOptions {
  /** As they stand. */
  workers: readonly ClusterWorker[];
  /** So many are in sight. */
  pageRows: number;
  spot: GridSpot;
  onSpot: (spot: GridSpot) => void;
  onSort: (column: WorkerColumn) => void;
  /** Null where single workers cannot be ended. */
  onRetire: ((worker: ClusterWorker) => void) | null;
}

/** Answer keys in the grid of workers, which is one tab stop. */
export function useWorkerKeys(
  options: IWorkerKeyOptions
): (event: React.KeyboardEvent) => void {
  return event => {
    const isCommand = event.altKey || event.ctrlKey || event.metaKey;
    if (!isCommand && (moves(event.key, options) || acts(event.key, options))) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

function moves(key: string, options: IWorkerKeyOptions): boolean {
  const { pageRows, workers, spot, onSpot } = options;
  const columns = WORKER_COLUMNS.length;
  const size = { pageRows, total: workers.length, columns };
  return moveByKey(key, spot, size, onSpot);
}

function acts(key: string, options: IWorkerKeyOptions): boolean {
  const { spot, workers, onRetire } = options;
  if ('column' in spot) {
    if (key !== 'Enter' && key !== ' ') {
      return false;
    }
    options.onSort(WORKER_COLUMNS[spot.column]);
    return true;
  }
  if ((key !== 'Enter' && key !== 'Delete') || !onRetire) {
    return false;
  }
  if (workers.length > 0) {
    onRetire(workers[spot.index]);
  }
  return true;
}
