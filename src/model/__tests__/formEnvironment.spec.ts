import type { JobSpec, Submission } from '../contract';
import { fromSubmission, toSubmission } from '../draft';
import { newForm, readForm } from '../form';
import { fromEnvironment, toEnvironment } from '../formEnvironment';

type Environment = NonNullable<JobSpec['environment']>;

const ENVIRONMENTS: readonly Environment[] = [
  { kind: 'inherit' },
  { kind: 'python', path: 'my venv' },
  { kind: 'conda', name: '/opt/envs/stars' },
  { kind: 'modules', names: ['gcc/12.2', 'openmpi'] },
  { kind: 'image', name: 'docker://python:3.12' }
];

it.each(ENVIRONMENTS)('%j is written and read again', environment => {
  const content = fromEnvironment(environment);
  expect(toEnvironment(content)).toEqual(environment);
  const form = newForm({ ...content, cores: '2', gateway_id: 'slurm' });
  expect(readForm({ ...form })).toEqual(form);
});

it('modules are typed with blanks or commas between them', () => {
  const content = {
    environment_kind: 'modules',
    environment: ' gcc/12.2,  openmpi\tcfitsio '
  } as const;
  expect(toEnvironment(content).names).toEqual([
    'gcc/12.2',
    'openmpi',
    'cfitsio'
  ]);
});

it('is part of a submission beside its variables, and of the form of a job', () => {
  const { submission } = toSubmission(
    newForm({
      kind: 'command',
      command: 'true',
      environment_kind: 'conda',
      environment: 'stars',
      variables: [{ name: 'A', value: '1', isFromFile: false }]
    })
  );
  expect(submission?.spec.environment).toEqual({
    kind: 'conda',
    name: 'stars',
    variables: { A: { value: '1' } }
  });
  expect(fromSubmission(submission as Submission)).toMatchObject({
    environment_kind: 'conda',
    environment: 'stars'
  });
});

it('a kept form of no known kind is as on the server', () => {
  expect(readForm({ environment_kind: 'spack' }).environment_kind).toBe(
    'inherit'
  );
});
