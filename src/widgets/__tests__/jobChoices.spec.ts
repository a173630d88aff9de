import { makeRow, makeSnapshot } from '../../views/__tests__/fixtures';
import { areSameChoices, jobChoices } from '../jobChoices';

it('the jobs of one gateway can be waited for', () => {
  const snapshot = makeSnapshot([
    makeRow({ gateway_id: 'local', phase: 'QUEUED' }, 1),
    makeRow({ gateway_id: 'slurm' }, 2),
    makeRow({ gateway_id: 'local', phase: 'COMPLETED' }, 3)
  ]);
  expect(jobChoices(snapshot, 'local').map(({ name }) => name)).toEqual([
    'job 1',
    'job 3'
  ]);
});

it('a form is drawn again for what it shows of them, not for every change', () => {
  const choices = (changes: Parameters<typeof makeRow>[0]) =>
    jobChoices(makeSnapshot([makeRow(changes)]), 'slurm');
  const before = choices({});
  expect(areSameChoices(before, choices({ revision: 99 }))).toBe(true);
  expect(areSameChoices(before, choices({ name: 'x' }))).toBe(false);
  expect(areSameChoices(before, choices({ phase: 'ERROR' }))).toBe(false);
  expect(areSameChoices(before, [])).toBe(false);
});
