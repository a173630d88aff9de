import type * as React from 'react';

import type { ArrayTask } from '../../model/contract';
import { tasksSortedBy } from '../../model/taskColumns';
import type { TaskChoice, TaskColumn } from '../../model/taskColumns';
import { nextIndex } from '../table/useGridKeys';

/** Where the focus stands: at a task, or at the heading of a column. */
export type TaskPlace =
  { readonly index: number } | { readonly column: number };

/** What keys do in the grid of tasks. */
export interface ITaskKeyOptions {
  taskAt: (place: number) => ArrayTask | undefined;
  total: number;
  columns: readonly TaskColumn[];
  choice: TaskChoice;
  /** So many rows are in sight. */
  pageRows: number;
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
    if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const isMeant =
      'index' in place
        ? keyInRows(event.key, options, place.index)
        : keyInHead(event.key, options, place.column);
    if (isMeant) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

function keyInRows(
  key: string,
  options: ITaskKeyOptions,
  index: number
): boolean {
  const next = nextIndex(key, index, options);
  if (next !== null) {
    options.onPlace(
      next === -1 && key === 'ArrowUp'
        ? { column: 0 }
        : { index: Math.max(0, Math.min(options.total - 1, next)) }
    );
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
