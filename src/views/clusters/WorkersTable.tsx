import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import {
  isNumberOfWorker,
  orderedBy,
  sortWorkers,
  WORKER_COLUMNS
} from '../../model/clusterWorkers';
import type { IWorkerOrder, WorkerColumn } from '../../model/clusterWorkers';
import type { ClusterWorker } from '../../model/contract';
import { GridHeading } from '../table/GridHeading';
import { spotId, within } from '../table/gridKeys';
import type { GridSpot } from '../table/gridKeys';
import { useInSight } from '../table/useInSight';
import { WindowedGrid } from '../table/WindowedGrid';
import { workerColumnText } from '../text/clusterPageText';
import { useWorkerKeys } from './useWorkerKeys';
import { WorkerRow } from './WorkerRow';

/** In pixels. */
const WIDTHS: Readonly<Record<WorkerColumn, number>> = {
  name: 120,
  state: 80,
  memory: 276,
  spilled: 80,
  cpu: 60,
  tasks: 68,
  results: 80,
  seen: 98
};

/** Of the column with the button that ends a worker. */
const RETIRE_WIDTH = 80;

export interface IWorkersTableProps {
  /** By name; null where the gateway does not tell them. */
  workers: readonly ClusterWorker[] | null;
  /** Of when they are told, in ms since the epoch. */
  asOf: number;
  /** Single workers can be ended. */
  canRetire: boolean;
  onRetire: (worker: ClusterWorker) => void;
  trans: TranslationBundle;
}

/** The workers of a cluster: how full their memory is, what they do, and the end of one. */
export function WorkersTable(props: IWorkersTableProps): JSX.Element {
  const { workers, trans } = props;
  if (workers === null) {
    return <p>{trans.__('This gateway does not tell single workers.')}</p>;
  }
  return (
    <div className="jp-BatchJobs-workers">
      {workers.length === 0 && <p>{trans.__('No worker is there now.')}</p>}
      <WorkersGrid {...props} workers={workers} />
    </div>
  );
}

type IWorkersGridProps = IWorkersTableProps & {
  workers: readonly ClusterWorker[];
};

/** All of them in one grid; only those in sight are in the page. */
function WorkersGrid(props: IWorkersGridProps): JSX.Element {
  const { canRetire, onRetire, trans } = props;
  const [order, setOrder] = React.useState<IWorkerOrder>({
    column: 'name',
    isDescending: false
  });
  const workers = React.useMemo(
    () => sortWorkers(props.workers, order),
    [props.workers, order]
  );
  const inSight = useInSight(workers.length);
  const { spot, setSpot } = useSpot(workers);
  const gridId = React.useId();
  const idOf = (at: GridSpot): string => spotId(gridId, at);
  const onPress = React.useCallback(
    (index: number): void => setSpot({ index }),
    [setSpot]
  );
  const onSort = (column: WorkerColumn): void =>
    setOrder(orderedBy(order, column));
  const onKeyDown = useWorkerKeys({
    workers,
    pageRows: inSight.pageRows,
    spot,
    onSpot: next => {
      setSpot(next);
      if ('index' in next) {
        inSight.virtualizer.scrollToIndex(next.index);
      }
    },
    onSort,
    onRetire: canRetire ? onRetire : null
  });
  const owned = inSight.items.map(({ index }) => idOf({ index }));
  const active = idOf(spot);
  const widths = WORKER_COLUMNS.map(column => WIDTHS[column]);
  return (
    <WindowedGrid
      inSight={inSight}
      label={trans.__('Workers')}
      total={workers.length}
      widths={canRetire ? [...widths, RETIRE_WIDTH] : widths}
      isMultiselectable={false}
      isBusy={false}
      active={'column' in spot || owned.includes(active) ? active : undefined}
      onKeyDown={onKeyDown}
      owned={owned}
    >
      <WorkersHead
        idOf={idOf}
        spot={spot}
        order={order}
        onSort={onSort}
        canRetire={canRetire}
        trans={trans}
      />
      {inSight.slots.map(
        ({ index, start, slot }) =>
          index < workers.length && (
            <WorkerRow
              key={slot}
              {...workers[index]}
              id={idOf({ index })}
              index={index}
              top={start}
              age={ageOf(workers[index], props.asOf)}
              isActive={'index' in spot && spot.index === index}
              canRetire={canRetire}
              onPress={onPress}
              onRetire={onRetire}
              trans={trans}
            />
          )
      )}
    </WindowedGrid>
  );
}

function WorkersHead(
  props: Pick<IWorkersTableProps, 'canRetire' | 'trans'> & {
    idOf: (spot: GridSpot) => string;
    spot: GridSpot;
    order: IWorkerOrder;
    onSort: (column: WorkerColumn) => void;
  }
): JSX.Element {
  const { spot, trans } = props;
  return (
    <div role="row" aria-rowindex={1} className="jp-BatchJobs-tableHead">
      {WORKER_COLUMNS.map((column, at) => (
        <GridHeading
          key={column}
          id={props.idOf({ column: at })}
          text={workerColumnText(column, trans)}
          isNumber={isNumberOfWorker(column)}
          sorted={directionOf(props.order, column)}
          isActive={'column' in spot && spot.column === at}
          onSort={() => props.onSort(column)}
          trans={trans}
        />
      ))}
      {props.canRetire && (
        <div role="columnheader">
          <span className="jp-BatchJobs-srOnly">{trans.__('What to do')}</span>
        </div>
      )}
    </div>
  );
}

/** Where the keyboard stands: it goes with a worker while others come before it. */
function useSpot(workers: readonly ClusterWorker[]) {
  const [chosen, setChosen] = React.useState<{
    spot: GridSpot;
    address: string | null;
  }>({ spot: { index: 0 }, address: null });
  const latest = React.useRef(workers);
  latest.current = workers;
  const setSpot = React.useCallback((spot: GridSpot): void => {
    const worker = 'index' in spot ? latest.current[spot.index] : undefined;
    setChosen({ spot, address: worker?.address ?? null });
  }, []);
  return { spot: presentSpot(chosen.spot, chosen.address, workers), setSpot };
}

function presentSpot(
  spot: GridSpot,
  address: string | null,
  workers: readonly ClusterWorker[]
): GridSpot {
  if ('column' in spot) {
    return spot;
  }
  const moved = workers.findIndex(worker => worker.address === address);
  return { index: moved < 0 ? within(spot.index, workers.length) : moved };
}

function directionOf(
  order: IWorkerOrder,
  column: WorkerColumn
): 'ascending' | 'descending' | null {
  return order.column !== column
    ? null
    : order.isDescending
      ? 'descending'
      : 'ascending';
}

/** The age of what is known of a worker, in whole seconds; null if that is not known. */
function ageOf({ last_seen_at }: ClusterWorker, asOf: number): number | null {
  return last_seen_at === null
    ? null
    : Math.max(0, Math.floor((asOf - Date.parse(last_seen_at)) / 1000));
}
