import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobArray, TaskRun } from '../../model/contract';
import { indexAt } from '../../model/array';
import { cellsOf } from '../../model/taskMap';
import type { ITaskCell } from '../../model/taskMap';
import { phaseText } from '../text/phaseText';

/** So many cells stand in a row. */
const COLUMNS = 50;

export interface ITaskMapProps {
  runs: readonly TaskRun[];
  array: JobArray;
  /** Show the log of a task. */
  onOpen: (index: number) => void;
  trans: TranslationBundle;
}

/** Where all tasks of an array are, each a sign with a shape and a colour. One stop of the Tab key. */
export function TaskMap(props: ITaskMapProps): JSX.Element {
  const { runs, array, trans } = props;
  const cells = React.useMemo(() => cellsOf(runs), [runs]);
  const [at, setAt] = React.useState(0);
  const id = React.useId();
  const active = Math.min(at, cells.length - 1);
  const open = (cell: ITaskCell): void =>
    props.onOpen(indexAt(array, cell.first));
  return (
    <div
      className="jp-BatchJobs-taskMap"
      role="listbox"
      aria-label={trans.__('All tasks')}
      aria-activedescendant={`${id}${active}`}
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
      onClick={event => {
        const { place } = (event.target as HTMLElement).dataset;
        if (place !== undefined) {
          setAt(Number(place));
          open(cells[Number(place)]);
        }
      }}
    >
      <Cells
        cells={cells}
        array={array}
        active={active}
        id={id}
        trans={trans}
      />
    </div>
  );
}

const Cells = React.memo(function Cells(props: {
  cells: readonly ITaskCell[];
  array: JobArray;
  active: number;
  id: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { cells, array, active, trans } = props;
  // One for all of them: making it takes longer than a number does.
  const numbers = new Intl.NumberFormat();
  return (
    <>
      {cells.map((cell, place) => {
        const text = cellText(cell, array, numbers, trans);
        return (
          <span
            key={cell.first}
            id={`${props.id}${place}`}
            role="option"
            aria-selected={place === active}
            aria-label={text}
            title={text}
            data-place={place}
            data-phase={cell.phase}
          />
        );
      })}
    </>
  );
});

/** `Task 7: Failed`, or of a run of neighbours `Tasks 0 to 49: 2 Failed`. */
function cellText(
  cell: ITaskCell,
  array: JobArray,
  numbers: Intl.NumberFormat,
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
        numbers.format(inPhase),
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
