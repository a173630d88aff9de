import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobArray, TaskRun } from '../../model/contract';
import { indexAt } from '../../model/array';
import { cellsOf } from '../../model/taskMap';
import type { ITaskCell } from '../../model/taskMap';
import { phaseText } from '../text/phaseText';
import { countText } from '../text/timeText';
import { COLUMNS, cornerOf, extentOf, placeAt, shapesOf } from './taskShapes';

export interface ITaskMapProps {
  runs: readonly TaskRun[];
  array: JobArray;
  /** Show the log of a task. */
  onOpen: (index: number) => void;
  trans: TranslationBundle;
}

/**
 * Where all tasks of an array are, each a sign with a shape and a colour. One stop of the Tab key.
 *
 * The signs are one drawing, however many they are; only the cell where the keyboard stands is an
 * element. All of them are a table too, beside this.
 */
export function TaskMap(props: ITaskMapProps): JSX.Element {
  const { runs, array, trans } = props;
  const cells = React.useMemo(() => cellsOf(runs), [runs]);
  const [at, setAt] = React.useState(0);
  const [pointed, setPointed] = React.useState<number | null>(null);
  const id = React.useId();
  const active = Math.min(at, cells.length - 1);
  const hovered = pointed === null ? undefined : cells[pointed];
  const open = (cell: ITaskCell): void =>
    props.onOpen(indexAt(array, cell.first));
  return (
    <div
      className="jp-BatchJobs-taskMap"
      role="listbox"
      aria-label={trans.__('All tasks')}
      aria-activedescendant={cells[active] && `${id}${active}`}
      tabIndex={0}
      onKeyDown={event => {
        const next = placeAfter(event.key, active, cells);
        if (next !== null) {
          event.preventDefault();
          setAt(next);
        } else if (event.key === 'Enter' && cells[active]) {
          open(cells[active]);
        }
      }}
    >
      <div
        role="presentation"
        className="jp-BatchJobs-taskCells"
        style={extentOf(cells.length)}
        title={hovered && cellText(hovered, array, trans)}
        onMouseMove={event => setPointed(placeOf(event, cells.length))}
        onClick={event => {
          const place = placeOf(event, cells.length);
          if (place !== null) {
            setAt(place);
            open(cells[place]);
          }
        }}
      >
        <Drawing cells={cells} />
        {cells[active] && (
          <ActiveCell
            // One that moved would not be read out again.
            key={active}
            id={`${id}${active}`}
            place={active}
            count={cells.length}
            text={cellText(cells[active], array, trans)}
          />
        )}
      </div>
    </div>
  );
}

const Drawing = React.memo(function Drawing(props: {
  cells: readonly ITaskCell[];
}): JSX.Element {
  const { cells } = props;
  return (
    <svg {...extentOf(cells.length)} aria-hidden="true">
      {shapesOf(cells).map(({ shape, path }) => (
        <path key={shape} data-shape={shape} d={path} />
      ))}
    </svg>
  );
});

/** The cell where the keyboard stands. */
function ActiveCell(props: {
  id: string;
  place: number;
  count: number;
  text: string;
}): JSX.Element {
  const { x, y } = cornerOf(props.place);
  return (
    <div
      id={props.id}
      role="option"
      aria-selected="true"
      aria-label={props.text}
      aria-posinset={props.place + 1}
      aria-setsize={props.count}
      style={{ left: x, top: y }}
    />
  );
}

/** The cell at which the mouse points; null if at none. */
function placeOf(event: React.MouseEvent, count: number): number | null {
  const { left, top } = event.currentTarget.getBoundingClientRect();
  return placeAt(event.clientX - left, event.clientY - top, count);
}

/** `Task 7: Failed`, or of a run of neighbours `Tasks 0 to 49: 2 Failed`. */
function cellText(
  cell: ITaskCell,
  array: JobArray,
  trans: TranslationBundle
): string {
  const { first, count, inPhase } = cell;
  const phase = phaseText(cell.phase, trans);
  const index = indexAt(array, first);
  return count === 1
    ? trans.__('Task %1: %2', index, phase)
    : trans.__(
        'Tasks %1 to %2: %3 %4',
        index,
        indexAt(array, first + count - 1),
        countText(inPhase),
        phase
      );
}

/** Where a key leads: arrows, Home, End, and F to the next one that failed; null if nowhere. */
function placeAfter(
  key: string,
  at: number,
  cells: readonly ITaskCell[]
): number | null {
  const last = cells.length - 1;
  const clamp = (place: number): number => Math.max(0, Math.min(last, place));
  switch (key) {
    case 'ArrowLeft':
      return clamp(at - 1);
    case 'ArrowRight':
      return clamp(at + 1);
    case 'ArrowUp':
      return clamp(at - COLUMNS);
    case 'ArrowDown':
      return clamp(at + COLUMNS);
    case 'Home':
      return 0;
    case 'End':
      return clamp(last);
    case 'f':
    case 'F': {
      const isFailed = ({ phase }: ITaskCell): boolean => phase === 'ERROR';
      const next = cells.findIndex((cell, n) => n > at && isFailed(cell));
      return next >= 0 ? next : clamp(cells.findIndex(isFailed));
    }
    default:
      return null;
  }
}
