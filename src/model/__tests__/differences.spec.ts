import { differencesOf } from '../differences';
import { newForm } from '../form';

it('what is different is said with its field, and nothing else is', () => {
  const before = newForm({
    name: 'fit',
    memory: '1GB',
    parameters: { seed: '3', band: '"i"' }
  });
  expect(differencesOf(before, before)).toEqual([]);
  const after = newForm({
    name: 'fit',
    memory: '12 GB',
    parameters: { seed: '0..9', n: '1' },
    depends_on: [{ job_id: '7', when: 'failed' }]
  });
  expect(differencesOf(before, after)).toEqual([
    { field: 'spec.resources.memory_bytes', before: '1GB', after: '12 GB' },
    {
      field: 'spec.depends_on',
      before: '',
      after: '[{"job_id":"7","when":"failed"}]'
    },
    { field: 'spec.task.parameters.seed', before: '3', after: '0..9' },
    { field: 'spec.task.parameters.band', before: '"i"', after: '' },
    { field: 'spec.task.parameters.n', before: '', after: '1' }
  ]);
});
