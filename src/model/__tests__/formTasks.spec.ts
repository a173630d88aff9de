import { parseCsv } from '../csv';
import { fromSubmission, toSubmission } from '../draft';
import { newForm } from '../form';
import type { FormContent } from '../form';
import { filesOf, readTasks } from '../formTasks';
import { NO_TABLES } from '../sweep';

const CONTEXT = { tables: NO_TABLES, maxTasks: 5000 };

function form(changes: Partial<FormContent>): FormContent {
  return newForm({
    path: 'fit.ipynb',
    name: 'fit',
    gateway_id: 'local',
    ...changes
  });
}

describe('the tasks of a form', () => {
  it('are as many as the values of one parameter; the others are the same for all', () => {
    const { submission } = toSubmission(
      form({ parameters: { seed: '0..999', band: '"i"' }, max_running: '100' }),
      CONTEXT
    );
    expect(submission?.spec.array).toEqual({
      kind: 'parameters',
      mode: 'product',
      parameters: { seed: { start: 0, stop: 999, step: 1 } },
      max_running: 100
    });
    expect(submission?.spec.task).toMatchObject({ parameters: { band: 'i' } });
  });

  it('are each combination, or side by side', () => {
    const parameters = { seed: '0..2', band: '"g", "r", "i"' };
    expect(readTasks(form({ parameters }), CONTEXT).count).toBe(9);
    const zip = form({ parameters, mode: 'zip' });
    expect(readTasks(zip, CONTEXT).count).toBe(3);
    expect(
      readTasks(
        form({ parameters: { ...parameters, seed: '0..8' }, mode: 'zip' }),
        CONTEXT
      ).issues
    ).toEqual([{ field: 'spec.array.mode', code: 'different_lengths' }]);
  });

  it.each([
    ['one range', { seed: '0..999999999' }, 1_000_000_000],
    ['combinations', { a: '0..99999', b: '0..99999' }, 10_000_000_000]
  ])(
    'of %s are refused by the limit before one is made',
    (_, parameters, count) => {
      const tasks = readTasks(form({ parameters }), CONTEXT);
      expect(tasks.count).toBe(count);
      expect(tasks.array).toBeNull();
      expect(tasks.issues).toEqual([
        { field: 'spec.array', code: 'too_many_tasks', limit: 5000 }
      ]);
    }
  );

  it('of a script have names of their own, and keep what does not vary', () => {
    const content = form({
      kind: 'script',
      path: 'run.sh',
      varied: [
        { name: 'seed', value: '0..2' },
        { name: 'band', value: '"i"' }
      ],
      mode: 'zip'
    });
    expect(readTasks(content, CONTEXT).array).toMatchObject({
      parameters: {
        seed: { start: 0, stop: 2, step: 1 },
        band: { values: ['i', 'i', 'i'] }
      }
    });
  });

  it.each<[string, Partial<FormContent>, object]>([
    [
      'one value only',
      { kind: 'command', varied: [{ name: 'n', value: '3' }] },
      { field: 'spec.task.parameters.n', code: 'one_value_only' }
    ],
    [
      'a name twice',
      {
        kind: 'command',
        varied: [
          { name: 'n', value: '1,2' },
          { name: 'n', value: '1,2' }
        ]
      },
      { field: 'spec.task.parameters.n', code: 'duplicate_name' }
    ],
    [
      'indices beside values',
      { parameters: { n: '0..1' }, array: '0..9' },
      { field: 'spec.array.indices', code: 'indices_and_values' }
    ],
    [
      'no name yet',
      { kind: 'command', varied: [{ name: '', value: '' }] },
      { field: 'spec.task.parameters.', code: 'required' }
    ],
    [
      'a limit that is no number',
      { parameters: { n: '0..1' }, max_running: 'many' },
      { field: 'spec.array.max_running', code: 'not_a_number' }
    ]
  ])('with %s are no tasks', (_, changes, issue) => {
    expect(readTasks(form(changes), CONTEXT).issues).toContainEqual(issue);
    expect(toSubmission(form(changes), CONTEXT).submission).toBeNull();
  });

  it('come from the column of a file, and say which file that is', () => {
    const content = form({ parameters: { ra: '@a b/t.csv[ra]', n: '3' } });
    expect(filesOf(content)).toEqual(['a b/t.csv']);
    const table = parseCsv('ra\n1\n2\n');
    const tables = new Map([['a b/t.csv', table ?? ('not_a_table' as const)]]);
    expect(readTasks(content, { tables, maxTasks: null }).array).toMatchObject({
      parameters: { ra: { values: [1, 2] } }
    });
  });

  it.each<Partial<FormContent>>([
    { parameters: { seed: '0..999', band: '"g", "r"', n: '3' }, mode: 'zip' },
    { parameters: { seed: '0..10 step 2' }, max_running: '4' },
    {
      kind: 'command',
      command: 'run {n}',
      varied: [{ name: 'n', value: '1, 2' }]
    }
  ])('of a submission are the fields of a form again: %j', changes => {
    const content = form({ path: '', ...changes, mode: 'product' });
    const { submission } = toSubmission(content, CONTEXT);
    expect(submission).not.toBeNull();
    const again =
      submission && toSubmission(fromSubmission(submission), CONTEXT);
    expect(again?.submission).toEqual(submission);
  });

  it('that the form cannot say stay as they were', () => {
    const array = {
      kind: 'parameters' as const,
      mode: 'product' as const,
      parameters: { n: { values: [7] } }
    };
    const { submission } = toSubmission(form({}), CONTEXT);
    const content =
      submission &&
      fromSubmission({
        ...submission,
        spec: { ...submission.spec, array }
      });
    expect(content?.other_array).toEqual(array);
    expect(content && readTasks(content, CONTEXT).array).toEqual(array);
  });
});
