import type { Phase, TaskSort } from './contract';

/** What a column of the table of tasks shows. */
export type TaskColumn =
  | 'index'
  | 'phase'
  | 'parameters'
  | 'why'
  | 'exit_code'
  | 'started'
  | 'elapsed'
  | 'memory';

/** Which tasks, in which order. */
export type TaskChoice = Readonly<{
  /** None is all. */
  phases: readonly Phase[];
  sort: TaskSort;
  descending: boolean;
}>;

/** All tasks, in the order of their indices. */
export const ALL_TASKS: TaskChoice = Object.freeze({
  phases: [],
  sort: 'index',
  descending: false
});

/** By what the server sorts for a column; the others cannot be sorted. */
export const TASK_SORT_OF: Readonly<Partial<Record<TaskColumn, TaskSort>>> = {
  index: 'index',
  phase: 'phase',
  elapsed: 'elapsed',
  memory: 'memory'
};

/** The columns from left to right; parameters only where some vary from task to task. */
export function taskColumns(hasParameters: boolean): readonly TaskColumn[] {
  return [
    'index',
    'phase',
    ...(hasParameters ? (['parameters'] as const) : []),
    'exit_code',
    'started',
    'elapsed',
    'memory',
    'why'
  ];
}

/** Sort by a column; by the same one again the other way round. */
export function tasksSortedBy(
  choice: TaskChoice,
  column: TaskColumn
): TaskChoice {
  const sort = TASK_SORT_OF[column];
  if (sort === undefined) {
    return choice;
  }
  // What used most is looked for first.
  const isMeasured = sort === 'memory' || sort === 'elapsed';
  return {
    ...choice,
    sort,
    descending: sort === choice.sort ? !choice.descending : isMeasured
  };
}
