import type { JobArray, Submission } from '../contract';
import { toMagic, toPython } from '../preview';
import { readExample, readExamples, readJson } from './examples';

type Pair = { submission: Submission; magic: string };

describe('toMagic', () => {
  it.each(readJson('magics.json') as Pair[])(
    'writes $magic',
    ({ submission, magic }) => {
      expect(toMagic(submission)).toBe(magic);
    }
  );
});

const SWEEP = readExample('Submission.array-of-parameters') as Submission;

it('there is no code for some of many combinations', () => {
  const array = { ...SWEEP.spec.array, only: [3] } as JobArray;
  const submission = { ...SWEEP, spec: { ...SWEEP.spec, array } };
  expect(toPython(submission)).toBeNull();
  expect(toMagic(submission)).toBeNull();
});

describe('toPython', () => {
  it.each([
    ['array-of-parameters', 'vary={"seed": range(0, 10), "band": ["g", "r"]},'],
    ['array-of-indices', 'array="0-990:10",'],
    ['array-of-indices', 'gpus=1,'],
    ['array-of-indices', 'max_running=10,'],
    ['array-of-indices', 'after={"01jdb6m2x4e8kq9v7w3z5r1t0c": "finished"},'],
    ['array-of-a-list', 'array=[5],']
  ])('writes of %s %s', (name, line) => {
    const example = readExample(`Submission.${name}`) as Submission;
    expect(toPython(example)).toContain(`\n    ${line}\n`);
  });

  it('writes a call with Python literals, without what is not set', () => {
    const example = readExamples('valid').find(
      ({ name }) => name === 'Submission.notebook.json'
    );
    expect(toPython(example?.value as Submission)).toBe(
      [
        'from jupyterlab_batch.client import Batch',
        '',
        'batch = Batch()',
        'job = batch.submit(',
        '    notebook="examples/lens-time-delay.ipynb",',
        '    name="RXJ1131 time delay",',
        '    gateway="slurm",',
        '    cores=2,',
        '    memory="2GB",',
        '    time="1h",',
        '    queue="short",',
        '    account="lenses",',
        '    parameters={"n_walkers": 32, "tau_days": 91.5, "lens": "RXJ1131-1231", "plot": True, "seed": None, "bands": ["g", "r"]},',
        '    variables={"OMP_NUM_THREADS": "2"},',
        ')'
      ].join('\n')
    );
  });
});
