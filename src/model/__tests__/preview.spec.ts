import type { JobArray, JobSpec, Submission } from '../contract';
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

const PLACED: Submission = {
  gateway_id: 'slurm',
  spec: readExample('JobSpec.placed') as JobSpec
};

it('where it runs is told in Python, and not by half in a magic', () => {
  expect(toPython(PLACED)?.split('\n')).toEqual(
    expect.arrayContaining([
      'from datetime import datetime',
      '    qos="normal",',
      '    reservation="school",',
      '    begin_at=datetime.fromisoformat("2026-11-23T08:30:00.000+00:00"),',
      '    features=["fast"],',
      '    nodes=2,',
      '    processes=8,',
      '    scratch="1GB",',
      '    native={"mail-type": "END", "exclusive": None},'
    ])
  );
  expect(toMagic(PLACED)).toBeNull();
});

it('the magic spreads processes over nodes', () => {
  const { nodes, processes, ...resources } = PLACED.spec.resources;
  delete resources.scratch_bytes;
  const spec: JobSpec = {
    ...PLACED.spec,
    resources: { ...resources, nodes, processes },
    placement: { qos: 'normal' },
    native: {}
  };
  expect(toMagic({ ...PLACED, spec })).toContain(
    '--qos normal --nodes 2 --processes 8'
  );
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
        '    outputs=["chains/*.fits"],',
        '    parameters={"n_walkers": 32, "tau_days": 91.5, "lens": "RXJ1131-1231", "plot": True, "seed": None, "bands": ["g", "r"]},',
        '    variables={"OMP_NUM_THREADS": "2"},',
        ')'
      ].join('\n')
    );
  });
});
