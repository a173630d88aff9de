import * as fc from 'fast-check';

import { parseCsv } from '../csv';
import {
  columnOf,
  MOST_TEXT,
  NO_TABLES,
  readCell,
  valuesOf,
  writeCell
} from '../sweep';
import type { TableReading, Tables } from '../sweep';

const TABLES: Tables = new Map<string, TableReading>([
  [
    'a/targets.csv',
    parseCsv('ra,name\n1.5,"M 31"\n2.5,M33\n') ?? 'not_a_table'
  ],
  ['gone.csv', 'file_missing'],
  ['big.csv', 'file_too_large'],
  ['empty.csv', parseCsv('ra\n') ?? 'not_a_table']
]);

describe('what a parameter is given', () => {
  it.each([
    ['3', 3],
    ['"i"', 'i'],
    ['[1, 2, 5]', [1, 2, 5]],
    ['None', null],
    ['"0..9"', '0..9']
  ])('%s is one value', (text, value) => {
    expect(readCell(text, NO_TABLES)).toEqual({ kind: 'value', value });
  });

  it.each([
    ['0..4', [0, 1, 2, 3, 4]],
    ['0..10 step 5', [0, 5, 10]],
    ['0 .. 10 : 4', [0, 4, 8]],
    ['-2..0', [-2, -1, 0]],
    ['0..0.3 step 0.1', [0, 0.1, 0.2, 0.3]],
    ['1,2,5', [1, 2, 5]],
    ['1, 2, 5,', [1, 2, 5]],
    ['"g", "r", "a,b"', ['g', 'r', 'a,b']],
    ['[1, 2], [3]', [[1, 2], [3]]],
    ['0..2, 10..11', [0, 1, 2, 10, 11]],
    ['@a/targets.csv[ra]', [1.5, 2.5]],
    ['@a/targets.csv[name]', ['M 31', 'M33']]
  ])('%s is one value for each task', (text, values) => {
    const reading = readCell(text, TABLES);
    expect(valuesOf(reading)).toEqual(values);
    expect(reading).toMatchObject({ kind: 'values', count: values.length });
  });

  it.each([
    ['i', 'not_a_value'],
    ['g, r', 'not_a_value'],
    ['1,,2', 'not_a_value'],
    ['<img src=x onerror=alert(1)>', 'not_a_value'],
    ['5..1', 'no_values'],
    ['0..9 step 0', 'no_values'],
    ['0..1 step 0.000001', 'too_many_values'],
    ['1, 0..999999999', 'too_many_values'],
    ['@gone.csv[ra]', 'file_missing'],
    ['@big.csv[ra]', 'file_too_large'],
    ['@empty.csv[ra]', 'no_values'],
    ['@other.csv[ra]', 'file_unread'],
    ['@a/targets.csv[dec]', 'no_such_column']
  ])('%s is neither: %s', (text, code) => {
    expect(readCell(text, TABLES)).toEqual({ kind: 'issue', code });
  });

  it('counts a thousand million tasks without writing one of them out', () => {
    expect(readCell('0..999999999', NO_TABLES)).toEqual({
      kind: 'values',
      values: { start: 0, stop: 999999999, step: 1 },
      count: 1_000_000_000
    });
  });

  it('does not look through ten megabytes that were pasted', () => {
    const text = '1,'.repeat(5_000_000);
    expect(text.length).toBeGreaterThan(MOST_TEXT);
    expect(readCell(text, NO_TABLES)).toEqual({
      kind: 'issue',
      code: 'too_much_text'
    });
  });

  it('reads what it writes', () => {
    const values = fc.array(
      fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)),
      { minLength: 2, maxLength: 50 }
    );
    fc.assert(
      fc.property(values, list => {
        const text = writeCell({ values: list });
        expect(valuesOf(readCell(text ?? '', NO_TABLES))).toEqual(list);
      })
    );
    expect(writeCell({ start: 0, stop: 10, step: 2 })).toBe('0..10 step 2');
    expect(writeCell({ values: new Array(1001).fill(1) })).toBeNull();
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        readCell(text, NO_TABLES);
        columnOf(text);
      })
    );
  });
});
