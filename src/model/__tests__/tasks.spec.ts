import * as fc from 'fast-check';

import type { TaskCounts } from '../contract';
import { overOf, tallyOf } from '../tasks';
import { readExample } from './examples';

it('counts the tasks of an array by what a person wants to know', () => {
  const { array } = readExample('JobRow.array') as { array: TaskCounts };
  const tally = tallyOf(array);
  expect(tally).toEqual({
    size: 1000,
    completed: 812,
    failed: 3,
    cancelled: 0,
    running: 27,
    waiting: 158
  });
  expect(overOf(tally)).toBe(815);
});

it('loses no task, whatever phase it is in', () => {
  const phases = fc.constantFrom(
    'COMPLETED',
    'HELD',
    'UNKNOWN',
    'ABORTED',
    'X'
  );
  fc.assert(
    fc.property(fc.dictionary(phases, fc.nat(1000)), by_phase => {
      const size = Object.values(by_phase).reduce((a, b) => a + b, 0);
      const tally = tallyOf({ size, by_phase });
      expect(overOf(tally) + tally.running + tally.waiting).toBe(size);
    })
  );
});
