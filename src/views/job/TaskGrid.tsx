import * as React from 'react';

import type { ArrayTask } from '../../model/contract';
import { TASK_SORT_OF, tasksSortedBy } from '../../model/taskColumns';
import type { TaskChoice, TaskColumn } from '../../model/taskColumns';
import { CHECK_WIDTH, CheckCell, CheckHead } from '../table/checkCells';
import { GridHeading } from '../table/GridHeading';
import { spotId, within } from '../table/gridKeys';
import type { GridSpot } from '../table/gridKeys';
import { useInSight } from '../table/useInSight';
import type { ISlot } from '../table/useInSight';
import { WindowedGrid } from '../table/WindowedGrid';
import { phaseTone } from '../PhaseIcon';
import {
  isTaskNumber,
  TaskCell,
  taskCellTitle,
  taskColumnText
} from './taskCells';
import type { ITaskContext } from './taskCells';
import { PLAIN_CELL, tellWhatIsCut } from '../table/cutCells';
import { useTaskKeys } from './useTaskKeys';

/** In pixels. */
const WIDTHS: Readonly<Record<TaskColumn, number>> = {
  index: 84,
  phase: 124,
  parameters: 200,
  exit_code: 92,
  started: 112,
  elapsed: 96,
  memory: 100,
  why: 240
};

export interface ITaskGridProps {
  /** The task at a place; undefined while that is not known. */
  taskAt: (place: number) => ArrayTask | undefined;
  total: number;
  columns: readonly TaskColumn[];
  choice: TaskChoice;
  isBusy: boolean;
  /** The task whose log is shown. */
  opened: number | null;
  context: ITaskContext;
  /** These places are in sight. */
  onShow: (first: number, last: number) => void;
  onChoose: (choice: TaskChoice) => void;
  /** Show the log of a task. */
  onOpen: (index: number) => void;
  /** The indices of those that are selected. */
  selected: ReadonlySet<string>;
  onToggle: (task: ArrayTask) => void;
  /** Select as far as a place; `from` is where the keyboard stands, null with the mouse. */
  onExtend: (from: ArrayTask | null, to: number) => void;
  onSelectAll: () => void;
  /** @returns whether anything was selected. */
  onClear: () => boolean;
}

/** The tasks of an array of any size in one grid; only what is in sight is in the page. */
export function TaskGrid(props: ITaskGridProps): JSX.Element {
  const { total, columns, choice, context } = props;
  const inSight = useInSight(total, props.onShow);
  const { virtualizer, items } = inSight;
  const gridId = React.useId();
  const [chosen, setPlace] = React.useState<GridSpot>({ index: 0 });
  const place = presentPlace(chosen, total);
  const idOf = (at: GridSpot): string => spotId(gridId, at);
  const onKeyDown = useTaskKeys({
    ...props,
    pageRows: inSight.pageRows,
    place,
    onPlace: next => {
      setPlace(next);
      if ('index' in next) {
        virtualizer.scrollToIndex(next.index);
      }
    }
  });
  const isThere =
    !('index' in place) || items.some(({ index }) => index === place.index);
  return (
    <WindowedGrid
      inSight={inSight}
      label={context.trans.__('Tasks')}
      total={total}
      widths={[CHECK_WIDTH, ...columns.map(column => WIDTHS[column])]}
      isMultiselectable
      isBusy={props.isBusy}
      active={isThere ? idOf(place) : undefined}
      onKeyDown={onKeyDown}
      owned={items.map(({ index }) => idOf({ index }))}
    >
      <div role="row" aria-rowindex={1} className="jp-BatchJobs-tableHead">
        <CheckHead trans={context.trans} />
        {columns.map((column, at) => (
          <Heading
            key={column}
            id={idOf({ column: at })}
            column={column}
            choice={choice}
            isActive={'column' in place && place.column === at}
            context={context}
            onChoose={props.onChoose}
          />
        ))}
      </div>
      <Rows
        {...props}
        items={inSight.slots}
        place={place}
        idOf={idOf}
        onPlace={setPlace}
      />
    </WindowedGrid>
  );
}

function Heading(props: {
  id: string;
  column: TaskColumn;
  choice: TaskChoice;
  isActive: boolean;
  context: ITaskContext;
  onChoose: (choice: TaskChoice) => void;
}): JSX.Element {
  const { column, choice, context } = props;
  const sort = TASK_SORT_OF[column];
  const direction = choice.descending ? 'descending' : 'ascending';
  return (
    <GridHeading
      id={props.id}
      text={taskColumnText(column, context.trans)}
      isNumber={isTaskNumber(column)}
      sorted={sort === choice.sort ? direction : null}
      isActive={props.isActive}
      onSort={sort ? () => props.onChoose(tasksSortedBy(choice, column)) : null}
      trans={context.trans}
    />
  );
}

function Rows(
  props: ITaskGridProps & {
    items: readonly ISlot[];
    place: GridSpot;
    idOf: (place: GridSpot) => string;
    onPlace: (place: GridSpot) => void;
  }
): JSX.Element {
  const { place, opened } = props;
  return (
    <>
      {props.items.map(({ index, start, slot }) => {
        const task = props.taskAt(index);
        const isOpened = task !== undefined && task.index === opened;
        const isSelected =
          task !== undefined && props.selected.has(String(task.index));
        return (
          <div
            key={slot}
            id={props.idOf({ index })}
            role="row"
            aria-rowindex={index + 2}
            aria-selected={isSelected}
            aria-current={isOpened}
            aria-busy={task === undefined}
            className={[
              'jp-BatchJobs-tableRow',
              isSelected ? 'jp-mod-selected' : '',
              'index' in place && place.index === index ? 'jp-mod-current' : ''
            ].join(' ')}
            style={{ top: start }}
            onMouseDown={event => event.shiftKey && event.preventDefault()}
            onClick={event => {
              props.onPlace({ index });
              if (event.shiftKey) {
                props.onExtend(null, index);
              } else if ((event.ctrlKey || event.metaKey) && task) {
                props.onToggle(task);
              }
            }}
            onDoubleClick={() => task && props.onOpen(task.index)}
            onMouseOver={tellWhatIsCut}
          >
            {task ? (
              <Cells {...props} task={task} isSelected={isSelected} />
            ) : (
              <div role="gridcell" className="jp-BatchJobs-quiet">
                …
              </div>
            )}
          </div>
        );
      })}
    </>
  );
}

function Cells(
  props: ITaskGridProps & { task: ArrayTask; isSelected: boolean }
): JSX.Element {
  const { task } = props;
  return (
    <>
      <CheckCell
        isSelected={props.isSelected}
        label={props.context.trans.__('Select task %1', String(task.index))}
        onToggle={() => props.onToggle(task)}
      />
      {props.columns.map(column => (
        <div
          key={column}
          role="gridcell"
          className={[
            'jp-BatchJobs-tableCell',
            taskCellTitle(column, task) === undefined ? PLAIN_CELL : '',
            isTaskNumber(column) ? 'jp-mod-number' : '',
            column === 'phase' ? phaseTone(task.phase) : ''
          ].join(' ')}
          title={taskCellTitle(column, task)}
        >
          <TaskCell {...props} column={column} />
        </div>
      ))}
    </>
  );
}

/** Where the focus stands, within what there is. */
function presentPlace(place: GridSpot, total: number): GridSpot {
  return 'index' in place ? { index: within(place.index, total) } : place;
}
