import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import {
  memoryOf,
  NEAR_LIMIT,
  orderedBy,
  sortWorkers,
  WORKER_COLUMNS
} from '../../model/clusterWorkers';
import type { IWorkerOrder, WorkerColumn } from '../../model/clusterWorkers';
import type { ClusterWorker } from '../../model/contract';
import { Pages } from '../job/Pages';
import { DASH } from '../table/cells';
import { workerColumnText, workerStateText } from '../text/clusterPageText';
import { bytesText } from '../text/quantityText';
import { countText, durationText, exactTimeText } from '../text/timeText';

/** So many rows are in the page, however many workers there are. */
const WINDOW = 50;

/** They stand at the right, as their headings do. */
const NUMBERS: readonly WorkerColumn[] = ['spilled', 'cpu', 'tasks', 'results'];

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
  const { workers, canRetire, trans } = props;
  const [order, setOrder] = React.useState<IWorkerOrder>({
    column: 'name',
    isDescending: false
  });
  const [from, setFrom] = React.useState(0);
  if (workers === null) {
    return <p>{trans.__('This gateway does not tell single workers.')}</p>;
  }
  const offset = from < workers.length ? from : 0;
  const shown = sortWorkers(workers, order).slice(offset, offset + WINDOW);
  return (
    <div className="jp-BatchJobs-workers">
      <table
        className="jp-BatchJobs-plainTable"
        aria-label={trans.__('Workers')}
      >
        <thead>
          <tr>
            {WORKER_COLUMNS.map(column => (
              <ColumnHead
                key={column}
                column={column}
                order={order}
                onOrder={setOrder}
                trans={trans}
              />
            ))}
            {canRetire && (
              <th scope="col">
                <span className="jp-BatchJobs-srOnly">
                  {trans.__('What to do')}
                </span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map(worker => (
            <WorkerRow
              key={worker.address}
              {...worker}
              age={ageOf(worker, props.asOf)}
              canRetire={canRetire}
              onRetire={props.onRetire}
              trans={trans}
            />
          ))}
        </tbody>
      </table>
      {workers.length === 0 && <p>{trans.__('No worker is there now.')}</p>}
      <Pages
        offset={offset}
        shown={shown.length}
        total={workers.length}
        window={WINDOW}
        onGoTo={setFrom}
        trans={trans}
      />
    </div>
  );
}

function ColumnHead(props: {
  column: WorkerColumn;
  order: IWorkerOrder;
  onOrder: (order: IWorkerOrder) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { column, order, onOrder, trans } = props;
  const isChosen = order.column === column;
  const direction = order.isDescending ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      className={NUMBERS.includes(column) ? 'jp-mod-number' : ''}
      aria-sort={isChosen ? direction : 'none'}
    >
      <button
        type="button"
        className="jp-BatchJobs-sort"
        onClick={() => onOrder(orderedBy(order, column))}
      >
        {workerColumnText(column, trans)}
        <span aria-hidden="true">
          {isChosen ? (order.isDescending ? ' ↓' : ' ↑') : ''}
        </span>
      </button>
    </th>
  );
}

/** The age of what is known of a worker, in whole seconds; null if that is not known. */
function ageOf({ last_seen_at }: ClusterWorker, asOf: number): number | null {
  return last_seen_at === null
    ? null
    : Math.max(0, Math.floor((asOf - Date.parse(last_seen_at)) / 1000));
}

type IWorkerRowProps = ClusterWorker &
  Pick<IWorkersTableProps, 'canRetire' | 'onRetire' | 'trans'> & {
    age: number | null;
  };

/** One worker; drawn again only if something that it shows is another. */
const WorkerRow = React.memo(function WorkerRow(
  props: IWorkerRowProps
): JSX.Element {
  const { trans } = props;
  const used = memoryOf(props);
  const isFull = used !== null && used >= NEAR_LIMIT;
  return (
    <tr>
      <th scope="row" title={props.address}>
        {props.name}
      </th>
      <td className={props.state === 'paused' ? 'jp-mod-warn' : ''}>
        {workerStateText(props.state, trans)}
      </td>
      <td>
        <MemoryCell worker={props} used={used} isFull={isFull} trans={trans} />
      </td>
      <td className="jp-mod-number">
        {props.spilled_bytes === null ? DASH : bytesText(props.spilled_bytes)}
      </td>
      <td className="jp-mod-number">
        {props.cpu_percent === null
          ? DASH
          : trans.__('%1 %', countText(Math.round(props.cpu_percent)))}
      </td>
      <td className="jp-mod-number">{numberText(props.tasks_processing)}</td>
      <td className="jp-mod-number">{numberText(props.tasks_in_memory)}</td>
      <td title={props.last_seen_at ? exactTimeText(props.last_seen_at) : ''}>
        {props.age === null
          ? DASH
          : trans.__('%1 ago', durationText(props.age))}
      </td>
      {props.canRetire && (
        <td>
          <button
            type="button"
            className="jp-BatchJobs-link"
            aria-label={trans.__('Retire worker %1…', props.name)}
            onClick={() => props.onRetire(props)}
          >
            {trans.__('Retire…')}
          </button>
        </td>
      )}
    </tr>
  );
});

/** What a worker uses of what it may, drawn and in words. */
function MemoryCell(props: {
  worker: ClusterWorker;
  used: number | null;
  isFull: boolean;
  trans: TranslationBundle;
}): JSX.Element {
  const { worker, used, isFull, trans } = props;
  const { memory_used_bytes, memory_bytes } = worker;
  const text =
    memory_used_bytes === null
      ? DASH
      : memory_bytes === null
        ? bytesText(memory_used_bytes)
        : trans.__(
            '%1 of %2',
            bytesText(memory_used_bytes),
            bytesText(memory_bytes)
          );
  return (
    <>
      {used !== null && (
        <div
          className={`jp-BatchJobs-bar jp-mod-memory ${isFull ? 'jp-mod-full' : ''}`}
          aria-hidden="true"
        >
          <div style={{ width: `${used * 100}%` }} />
        </div>
      )}
      <span className={isFull ? 'jp-mod-warn' : ''}>
        {isFull ? trans.__('%1, almost full', text) : text}
      </span>
    </>
  );
}

function numberText(count: number | null): string {
  return count === null ? DASH : countText(count);
}
