import type { JobRow, Phase, TaskCounts } from './contract';

/** How many tasks of an array are where; together they are `size`. */
export type TaskTally = Readonly<{
  size: number;
  completed: number;
  failed: number;
  cancelled: number;
  running: number;
  /** Not started, or in a phase that is not known here. */
  waiting: number;
}>;

/** Count the tasks of an array by what a person wants to know of them. */
export function tallyOf(counts: TaskCounts): TaskTally {
  const sum = (...phases: Phase[]): number =>
    phases.reduce((total, phase) => total + (counts.by_phase[phase] ?? 0), 0);
  const completed = sum('COMPLETED', 'ARCHIVED');
  const failed = sum('ERROR');
  const cancelled = sum('ABORTED');
  const running = sum('EXECUTING', 'SUSPENDED');
  const known = completed + failed + cancelled + running;
  return {
    size: counts.size,
    completed,
    failed,
    cancelled,
    running,
    waiting: Math.max(0, counts.size - known)
  };
}

/** Whether some tasks of an array failed, and others did not. */
export function hasSomeFailed({ array }: Pick<JobRow, 'array'>): boolean {
  const tally = array && tallyOf(array);
  return tally !== null && tally.failed > 0 && tally.failed < tally.size;
}

/** The number of tasks for which nothing more will happen. */
export function overOf(tally: TaskTally): number {
  return tally.completed + tally.failed + tally.cancelled;
}
