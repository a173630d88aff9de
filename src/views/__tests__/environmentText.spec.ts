import type { JobSpec } from '../../model/contract';
import { environmentFacts } from '../text/environmentText';
import { makeJob, trans } from './fixtures';

type Environment = NonNullable<JobSpec['environment']>;

function facts(
  environment: Environment | undefined
): [string, string | null][] {
  const { spec } = makeJob();
  return environmentFacts({ ...spec, environment }, trans).map(
    ([name, value]) => [name, value]
  );
}

it.each<[Environment, string, string]>([
  [{ kind: 'python', path: '~/venv' }, 'Python', '~/venv'],
  [{ kind: 'conda', name: 'stars' }, 'Conda environment', 'stars'],
  [{ kind: 'modules', names: ['gcc', 'fftw/3'] }, 'Modules', 'gcc fftw/3'],
  [{ kind: 'image', name: 'tools.sif' }, 'Container image', 'tools.sif']
])('an environment is named: %j', (environment, name, value) => {
  expect(facts(environment)).toEqual([[name, value]]);
});

it('nothing stands there for what every job has', () => {
  expect(facts(undefined)).toEqual([]);
  expect(facts({ kind: 'inherit' })).toEqual([]);
});

it('variables are named with their values, but for what may be a secret', () => {
  const variables = {
    SEED: { value: '7' },
    LONG: { value: 'x'.repeat(300) },
    API_TOKEN: { from_file: '~/.token' },
    SECRET_WORD: { value: 'canary' }
  };
  expect(facts({ kind: 'inherit', variables })).toEqual([
    ['Variable SEED', '7'],
    ['Variable LONG', `${'x'.repeat(200)}…`],
    ['Variable API_TOKEN', 'from the file ~/.token'],
    ['Variable SECRET_WORD', '(not shown)']
  ]);
});
