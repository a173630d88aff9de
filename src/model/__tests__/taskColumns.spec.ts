import { ALL_TASKS, taskColumns, tasksSortedBy } from '../taskColumns';

it('parameters have a column only where some vary', () => {
  expect(taskColumns(true)).toContain('parameters');
  expect(taskColumns(false)).not.toContain('parameters');
});

it('what used most comes first, and again the other way round', () => {
  const most = tasksSortedBy(ALL_TASKS, 'memory');
  expect(most).toEqual({ phases: [], sort: 'memory', descending: true });
  expect(tasksSortedBy(most, 'memory').descending).toBe(false);
  expect(tasksSortedBy(most, 'index')).toEqual(ALL_TASKS);
  expect(tasksSortedBy(ALL_TASKS, 'index').descending).toBe(true);
});

it('what cannot be sorted leaves everything as it is', () => {
  expect(tasksSortedBy(ALL_TASKS, 'why')).toBe(ALL_TASKS);
});
