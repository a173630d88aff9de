import type * as React from 'react';

import type { ArrayTask } from '../../model/contract';
import { tasksSortedBy } from '../../model/taskColumns';
import type { TaskChoice, TaskColumn } from '../../model/taskColumns';
import { nextIndex, selectKey } from '../table/gridKeys';
import type { IGridSelecting } from '../table/gridKeys';

/** Where the focus stands: at a task, or at the heading of a column. */
export type TaskPlace =
  { readonly index: number } | { readonly column: number };

/** What keys do in the grid of tasks. */
export interface ITaskKeyOptions extends Pick<
  IGridSelecting<ArrayTask>,
  'total' | 'pageRows' | 'onToggle' | 'onExtend' | 'onSelectAll' | 'onClear'
> {
  taskAt: (place: number) => ArrayTask | undefined;
  columns: readonly TaskColumn[];
  choice: TaskChoice;
  place: TaskPlace;
  onPlace: (place: TaskPlace) => void;
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
      ('index' in place
        ? keyInRows(event, options, place.index)
        : !isCommand(event) && keyInHead(event.key, options, place.column));
    if (isMeant) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

function isCommand(event: React.KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey;
}

function keyInRows(
  event: React.KeyboardEvent,
  options: ITaskKeyOptions,
  index: number
): boolean {
  const { key } = event;
  const go = (to: number): void =>
    options.onPlace({ index: Math.max(0, Math.min(options.total - 1, to)) });
  const selecting = { ...options, rowAt: options.taskAt, onIndex: go };
  if (selectKey(event, index, selecting)) {
    return true;
  }
  if (isCommand(event)) {
    return false;
  }
  const next = nextIndex(key, index, options);
  if (next !== null) {
    if (next === -1 && key === 'ArrowUp') {
      options.onPlace({ column: 0 });
    } else {
      go(next);
    }
    return true;
  }
  const task = options.taskAt(index);
  if (key === 'Enter' && task) {
    options.onOpen(task.index);
    return true;
  }
  return false;
}

function keyInHead(
  key: string,
  options: ITaskKeyOptions,
  column: number
): boolean {
  const { columns } = options;
  const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  if (step !== 0) {
    const next = Math.max(0, Math.min(columns.length - 1, column + step));
    options.onPlace({ column: next });
  } else if (key === 'ArrowDown') {
    options.onPlace({ index: 0 });
  } else if (key === 'Enter' || key === ' ') {
    options.onChoose(tasksSortedBy(options.choice, columns[column]));
  } else {
    return false;
  }
  return true;
}
