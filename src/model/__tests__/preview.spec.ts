import type { Submission } from '../contract';
import { toMagic, toPython } from '../preview';
import { readExamples, readJson } from './examples';

type Pair = { submission: Submission; magic: string };

describe('toMagic', () => {
  it.each(readJson('magics.json') as Pair[])(
    'writes $magic',
    ({ submission, magic }) => {
      expect(toMagic(submission)).toBe(magic);
    }
  );
});

describe('toPython', () => {
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
