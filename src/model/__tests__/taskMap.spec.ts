import * as fc from 'fast-check';

import type { Phase, TaskRun } from '../contract';
import { cellsOf, MOST_CELLS } from '../taskMap';

it('up to two thousand tasks are a cell each', () => {
  const runs: TaskRun[] = [
    { phase: 'COMPLETED', count: 1 },
    { phase: 'ERROR', count: 1 },
    { phase: 'QUEUED', count: 1_998 }
  ];
  const cells = cellsOf(runs);
  expect(cells).toHaveLength(2_000);
  expect(cells[1]).toEqual({ first: 1, count: 1, phase: 'ERROR', inPhase: 1 });
});

it('of more a cell is a run of neighbours, with what is worst in it', () => {
  const cells = cellsOf([
    { phase: 'COMPLETED', count: 50_049 },
    { phase: 'ERROR', count: 2 },
    { phase: 'EXECUTING', count: 49_949 }
  ]);
  expect(cells).toHaveLength(2_000);
  const failed = cells.filter(({ phase }) => phase === 'ERROR');
  expect(failed).toEqual([
    { first: 50_000, count: 50, phase: 'ERROR', inPhase: 1 },
    { first: 50_050, count: 50, phase: 'ERROR', inPhase: 1 }
  ]);
});

it('all tasks are in a cell, in order', () => {
  const run = fc.record<TaskRun>({
    phase: fc.constantFrom<Phase>('QUEUED', 'ERROR', 'COMPLETED'),
    count: fc.integer({ min: 1, max: 3_000 })
  });
  fc.assert(
    fc.property(fc.array(run), runs => {
      const cells = cellsOf(runs);
      const size = runs.reduce((sum, { count }) => sum + count, 0);
      let next = 0;
      // One look at all of them: two thousand by themselves take long.
      const misplaced = cells.filter(({ first, count }) => {
        const isMisplaced = first !== next;
        next += count;
        return isMisplaced;
      });
      expect(misplaced).toEqual([]);
      expect(next).toBe(size);
      expect(cells.length).toBeLessThanOrEqual(MOST_CELLS);
    })
  );
});
