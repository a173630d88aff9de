import type * as React from 'react';

import type { ArrayTask } from '../../model/contract';
import { tasksSortedBy } from '../../model/taskColumns';
import type { TaskChoice, TaskColumn } from '../../model/taskColumns';
import { moveByKey, selectKey, within } from '../table/gridKeys';
import type { GridSpot, IGridSelecting } from '../table/gridKeys';

/** What keys do in the grid of tasks. */
export interface ITaskKeyOptions extends Pick<
  IGridSelecting<ArrayTask>,
  'total' | 'pageRows' | 'onToggle' | 'onExtend' | 'onSelectAll' | 'onClear'
> {
  taskAt: (place: number) => ArrayTask | undefined;
  columns: readonly TaskColumn[];
  choice: TaskChoice;
  place: GridSpot;
  onPlace: (place: GridSpot) => void;
  onChoose: (choice: TaskChoice) => void;
  onOpen: (index: number) => void;
}

/** Answer keys in the grid of tasks, which is one tab stop. */
export function useTaskKeys(
  options: ITaskKeyOptions
): (event: React.KeyboardEvent) => void {
  const { place } = options;
  return event => {
    const isMeant =
      !event.altKey &&
      (('index' in place && keySelects(event, options, place.index)) ||
        (!isCommand(event) &&
          (keyMoves(event.key, options) || keyActs(event.key, options))));
    if (isMeant) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

function isCommand(event: React.KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey;
}

function keySelects(
  event: React.KeyboardEvent,
  options: ITaskKeyOptions,
  index: number
): boolean {
  return selectKey(event, index, {
    ...options,
    rowAt: options.taskAt,
    onIndex: to => options.onPlace({ index: within(to, options.total) })
  });
}

function keyMoves(key: string, options: ITaskKeyOptions): boolean {
  const size = { ...options, columns: options.columns.length };
  return moveByKey(key, options.place, size, options.onPlace);
}

function keyActs(key: string, options: ITaskKeyOptions): boolean {
  const { place, choice, columns } = options;
  if ('column' in place) {
    if (key !== 'Enter' && key !== ' ') {
      return false;
    }
    options.onChoose(tasksSortedBy(choice, columns[place.column]));
    return true;
  }
  const task = options.taskAt(place.index);
  if (key !== 'Enter' || !task) {
    return false;
  }
  options.onOpen(task.index);
  return true;
}
