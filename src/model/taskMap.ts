import type { Phase, TaskRun } from './contract';

/** A cell of the map of an array: a task, or a run of neighbours. */
export interface ITaskCell {
  /** The place of the first one among all tasks. */
  readonly first: number;
  readonly count: number;
  /** The phase that needs a person most. */
  readonly phase: Phase;
  /** So many of them are in it. */
  readonly inPhase: number;
}

/** Up to so many tasks each have a cell of their own. */
export const MOST_CELLS = 2_000;

/** From what needs a person most to what needs nobody. */
const WORST_FIRST: readonly Phase[] = [
  'ERROR',
  'UNKNOWN',
  'ABORTED',
  'SUSPENDED',
  'HELD',
  'EXECUTING',
  'PENDING',
  'QUEUED',
  'COMPLETED',
  'ARCHIVED'
];

/** Cut the tasks of an array into cells of the same size, at most `MOST_CELLS`. */
export function cellsOf(runs: readonly TaskRun[]): readonly ITaskCell[] {
  const size = runs.reduce((sum, { count }) => sum + count, 0);
  const width = Math.max(1, Math.ceil(size / MOST_CELLS));
  const cells: ITaskCell[] = [];
  let tally = new Map<Phase, number>();
  let [first, filled] = [0, 0];
  for (const { phase, count } of runs) {
    let left = count;
    while (left > 0) {
      const taken = Math.min(left, width - filled);
      tally.set(phase, (tally.get(phase) ?? 0) + taken);
      left -= taken;
      filled += taken;
      if (filled === width || first + filled === size) {
        cells.push(cellOf(first, filled, tally));
        first += filled;
        filled = 0;
        tally = new Map();
      }
    }
  }
  return cells;
}

function cellOf(
  first: number,
  count: number,
  tally: ReadonlyMap<Phase, number>
): ITaskCell {
  const phase = WORST_FIRST.find(worst => tally.has(worst)) ?? 'UNKNOWN';
  return { first, count, phase, inPhase: tally.get(phase) ?? 0 };
}
