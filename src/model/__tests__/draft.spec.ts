import * as fc from 'fast-check';

import type { JobSpec, Submission } from '../contract';
import { fromSubmission, newDraftKey, toSubmission } from '../draft';
import { newForm, readForm, titleOf } from '../form';
import { NO_TABLES } from '../sweep';
import { readExample, readExamples } from './examples';

const SUBMISSIONS = readExamples('valid').filter(
  ({ schema }) => schema === 'Submission'
);

describe('newDraftKey', () => {
  it('fits the contract and is never the same', () => {
    const keys = Array.from({ length: 100 }, newDraftKey);
    expect(new Set(keys).size).toBe(100);
    for (const key of keys) {
      expect(key).toMatch(/^[A-Za-z0-9_-]{16,64}$/);
    }
  });
});

describe('toSubmission', () => {
  it.each(SUBMISSIONS)('reads back $name from its form', ({ value }) => {
    const submission = value as Submission;
    const once = toSubmission(fromSubmission(submission)).submission;
    expect(once).toMatchObject(submission);
    const twice = once && toSubmission(fromSubmission(once)).submission;
    expect(twice).toEqual(once);
  });

  it('reads back a job that names its place, but for the moment as another text', () => {
    const spec = readExample('JobSpec.placed') as JobSpec;
    const { submission } = toSubmission(
      fromSubmission({ gateway_id: 'slurm', spec })
    );
    const begin_at = new Date(spec.placement?.begin_at ?? '').toISOString();
    expect(submission?.spec).toMatchObject({
      ...spec,
      placement: { ...spec.placement, begin_at }
    });
  });

  it('leaves to the server what can be sent, however odd', () => {
    const { submission, issues } = toSubmission(
      newForm({ kind: 'command', command: 'x', cores: '-1', name: '../x' })
    );
    expect(issues).toEqual([]);
    expect(submission?.spec.resources.cores).toBe(-1);
    expect(submission?.spec.name).toBe('../x');
  });

  it('tells all fields that cannot be sent at once', () => {
    const form = newForm({
      parameters: { n: 'three', m: '', ok: '3' },
      cores: 'NaN',
      memory: '8',
      walltime: '',
      variables: [
        { name: 'A', value: '1', isFromFile: false },
        { name: 'A', value: '2', isFromFile: true }
      ]
    });
    const reading = toSubmission(form);
    expect(reading).toMatchObject({
      submission: null,
      issues: [
        { field: 'spec.task.parameters.n', code: 'not_a_value' },
        { field: 'spec.task.parameters.m', code: 'required' },
        { field: 'spec.environment.variables.A', code: 'duplicate_name' },
        { field: 'spec.resources.cores', code: 'not_a_number' },
        { field: 'spec.resources.memory_bytes', code: 'not_a_size' },
        { field: 'spec.resources.walltime_seconds', code: 'required' }
      ]
    });
    // All else can still be checked.
    expect(reading.readable.spec).toMatchObject({
      task: { parameters: { ok: 3 } },
      resources: { cores: 0, memory_bytes: 0, walltime_seconds: 0 }
    });
  });

  it('has nothing checked that is too much to be written out', () => {
    const { submission, readable } = toSubmission(
      newForm({ kind: 'command', command: 'x', array: '0..999999999' }),
      { tables: NO_TABLES, maxTasks: 1_000 }
    );
    expect(submission).toBeNull();
    expect(readable.spec).not.toHaveProperty('array');
  });

  it.each([
    ['command', 'spec.task.argv'],
    ['script', 'spec.task.arguments']
  ] as const)('tells open quotes of a %s', (kind, field) => {
    const form = newForm({ kind, command: `echo 'a`, arguments: `"b` });
    expect(toSubmission(form).issues).toEqual([
      { field, code: 'unbalanced_quotes' }
    ]);
  });
});

describe('an array', () => {
  const form = newForm({ kind: 'command', command: 'x' });

  it.each([
    [{ array: 'all' }, 'spec.array', 'not_indices'],
    [
      { array: '0..9', max_running: 'few' },
      'spec.array.max_running',
      'not_a_number'
    ],
    [{ gpus: 'one' }, 'spec.resources.gpus', 'not_a_number']
  ])('%j cannot be sent', (changes, field, code) => {
    expect(toSubmission({ ...form, ...changes }).issues).toEqual([
      { field, code }
    ]);
  });

  it('and what belongs to it is left out of a single job', () => {
    const spec = toSubmission({ ...form, max_running: '3' }).submission?.spec;
    expect(spec).not.toHaveProperty('array');
    expect(spec).not.toHaveProperty('depends_on');
    expect(spec?.resources).not.toHaveProperty('gpus');
  });
});

describe('readForm', () => {
  it('reads back any form', () => {
    const text = fc.fullUnicodeString();
    const form = fc.record({
      array: text,
      depends_on: fc.array(
        fc.record({ job_id: text, when: fc.constantFrom('failed', 'finished') })
      ),
      kind: fc.constantFrom('notebook', 'script', 'command'),
      name: text,
      cores: text,
      memory: text,
      command: text,
      parameters: fc.dictionary(text, text),
      variables: fc.array(
        fc.record({ name: text, value: text, isFromFile: fc.boolean() })
      )
    });
    fc.assert(
      fc.property(form, changes => {
        const written = newForm(changes as Partial<ReturnType<typeof newForm>>);
        expect(readForm(JSON.parse(JSON.stringify(written)))).toEqual(written);
      })
    );
  });

  it('takes what fits of anything', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), kept => {
        toSubmission(readForm(kept));
      })
    );
    expect(
      readForm({ name: 'x', cores: 3, kind: 'dask', variables: [1], later: 1 })
    ).toEqual(
      newForm({
        name: 'x',
        variables: [{ name: '', value: '', isFromFile: false }]
      })
    );
  });
});

describe('titleOf', () => {
  it('is the name, else what is run', () => {
    expect(titleOf(newForm({ name: ' a ', path: 'b' }))).toBe('a');
    expect(titleOf(newForm({ path: 'b' }))).toBe('b');
    expect(titleOf(newForm({ kind: 'command', command: 'c d' }))).toBe('c d');
  });
});
