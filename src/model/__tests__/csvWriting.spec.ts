import * as fc from 'fast-check';

import type { JobRow } from '../contract';
import { COLUMN_IDS } from '../columns';
import { toCsv } from '../csv';
import { csvLines } from '../jobCsv';
import { readExample } from './examples';

/** Read CSV as RFC 4180 says. */
function read(text: string): string[][] {
  const lines: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r\n)/gy;
  for (const [, quoted, plain, end] of text.matchAll(cell)) {
    const line = lines[lines.length - 1];
    line.push(quoted?.replace(/""/g, '"') ?? plain);
    if (end !== ',') {
      lines.push([]);
    }
  }
  return lines.slice(0, -1);
}

it('whatever is written is read the same, but for the mark before a formula', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string(), { minLength: 1 }), { minLength: 1 }),
      lines => {
        const found = read(toCsv(lines));
        expect(
          found.map(line =>
            line.map(text => text.replace(/^'(?=[=+\-@\t\r])/, ''))
          )
        ).toEqual(
          lines.map(line =>
            line.map(text => text.replace(/^'(?=[=+\-@\t\r])/, ''))
          )
        );
      }
    )
  );
});

it.each(['=1+1', '+cmd|x', '-2+3', '@SUM(A1)', '\t=1', '\r=1'])(
  '%j is no formula',
  text => {
    expect(read(toCsv([[text]]))).toEqual([[`'${text}`]]);
  }
);

it('numbers stay numbers', () => {
  expect(toCsv([['-5', '+3.25', '12', '']])).toBe('-5,+3.25,12,\r\n');
});

it('a job is one line under its headings; what is not known is empty', () => {
  const row = readExample('JobRow.submitting') as JobRow;
  const [headings, line] = csvLines(COLUMN_IDS, [row]);
  expect(headings).toHaveLength(line.length);
  const cell = (heading: string): string => line[headings.indexOf(heading)];
  expect(cell('id')).toBe(row.id);
  expect(cell('phase')).toBe('submitting');
  expect(cell('memory_bytes')).toBe(String(row.memory_bytes));
  expect(cell('ended_at')).toBe('');
});
