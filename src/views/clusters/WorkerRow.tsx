import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import {
  isNumberOfWorker,
  memoryOf,
  NEAR_LIMIT
} from '../../model/clusterWorkers';
import type { WorkerColumn } from '../../model/clusterWorkers';
import type { ClusterWorker } from '../../model/contract';
import { DASH } from '../table/cells';
import { PLAIN_CELL, tellWhatIsCut } from '../table/cutCells';
import { workerStateText } from '../text/clusterPageText';
import { bytesText } from '../text/quantityText';
import { countText, durationText, exactTimeText } from '../text/timeText';

export type IWorkerRowProps = ClusterWorker & {
  id: string;
  /** Its place in the list. */
  index: number;
  /** From the top of the list, in pixels. */
  top: number;
  /** Of what is known of it, in whole seconds; null if that is not known. */
  age: number | null;
  /** The keyboard is at it. */
  isActive: boolean;
  canRetire: boolean;
  onPress: (index: number) => void;
  onRetire: (worker: ClusterWorker) => void;
  trans: TranslationBundle;
};

/** One worker; drawn again only if something that it shows is another. */
export const WorkerRow = React.memo(function WorkerRow(
  props: IWorkerRowProps
): JSX.Element {
  const { name, index, last_seen_at, trans } = props;
  const seen = textOf(props.age, age => trans.__('%1 ago', durationText(age)));
  return (
    <div
      id={props.id}
      role="row"
      aria-rowindex={index + 2}
      className={`jp-BatchJobs-tableRow ${props.isActive ? 'jp-mod-current' : ''}`}
      style={{ top: props.top }}
      onClick={() => props.onPress(index)}
      onMouseOver={tellWhatIsCut}
    >
      <div
        role="rowheader"
        className="jp-BatchJobs-tableCell"
        title={`${name}\n${props.address}`}
      >
        {name}
      </div>
      <Cell column="state" isWarned={props.state === 'paused'}>
        {workerStateText(props.state, trans)}
      </Cell>
      <MemoryCell {...props} />
      <Cell column="spilled">{textOf(props.spilled_bytes, bytesText)}</Cell>
      <Cell column="cpu">
        {textOf(props.cpu_percent, percent =>
          trans.__('%1 %', countText(Math.round(percent)))
        )}
      </Cell>
      <Cell column="tasks">{textOf(props.tasks_processing, countText)}</Cell>
      <Cell column="results">{textOf(props.tasks_in_memory, countText)}</Cell>
      <Cell
        column="seen"
        title={
          last_seen_at === null
            ? undefined
            : `${seen}\n${exactTimeText(last_seen_at)}`
        }
      >
        {seen}
      </Cell>
      {props.canRetire && <RetireCell {...props} />}
    </div>
  );
});

function Cell(props: {
  column: WorkerColumn;
  isWarned?: boolean;
  title?: string;
  children: React.ReactNode;
}): JSX.Element {
  return (
    <div
      role="gridcell"
      className={[
        'jp-BatchJobs-tableCell',
        props.title === undefined ? PLAIN_CELL : '',
        isNumberOfWorker(props.column) ? 'jp-mod-number' : '',
        props.isWarned ? 'jp-mod-warn' : ''
      ].join(' ')}
      title={props.title}
    >
      {props.children}
    </div>
  );
}

/** What a worker uses of what it may, drawn and in words. */
function MemoryCell(props: IWorkerRowProps): JSX.Element {
  const { memory_used_bytes, memory_bytes, trans } = props;
  const used = memoryOf(props);
  const isFull = used !== null && used >= NEAR_LIMIT;
  const text = textOf(memory_used_bytes, bytes =>
    memory_bytes === null
      ? bytesText(bytes)
      : trans.__('%1 of %2', bytesText(bytes), bytesText(memory_bytes))
  );
  return (
    <Cell column="memory" isWarned={isFull}>
      {used !== null && (
        <div
          className={`jp-BatchJobs-bar jp-mod-memory ${isFull ? 'jp-mod-full' : ''}`}
          aria-hidden="true"
        >
          <div style={{ width: `${used * 100}%` }} />
        </div>
      )}
      {isFull ? trans.__('%1, almost full', text) : text}
    </Cell>
  );
}

/** The button that ends it; the keyboard does it from the row itself. */
function RetireCell(props: IWorkerRowProps): JSX.Element {
  const { name, trans } = props;
  return (
    <div role="gridcell">
      <button
        type="button"
        tabIndex={-1}
        className="jp-BatchJobs-link"
        aria-label={trans.__('Retire worker %1…', name)}
        onClick={() => props.onRetire(props)}
      >
        {trans.__('Retire…')}
      </button>
    </div>
  );
}

/** What is known in words, and a dash where nothing is. */
function textOf(
  known: number | null,
  write: (known: number) => string
): string {
  return known === null ? DASH : write(known);
}
