import type { JobArray } from './contract';
import { readColumn } from './csv';
import type { CsvTable } from './csv';
import { parseValue, writePython } from './literal';
import type { Value } from './literal';

/** The values of one parameter, one for each task. */
export type TaskValues = Extract<
  JobArray,
  { kind: 'parameters' }
>['parameters'][string];

/** Why a text says neither a value nor several. */
export type SweepIssueCode =
  | 'not_a_value'
  | 'no_values'
  | 'too_many_values'
  | 'too_much_text'
  | 'file_unread'
  | 'file_missing'
  | 'file_too_large'
  | 'not_a_table'
  | 'no_such_column';

/** What the text of a parameter says: a value, one for each task, or nothing that can be sent. */
export type CellReading =
  | { readonly kind: 'value'; readonly value: Value }
  | {
      readonly kind: 'values';
      readonly values: TaskValues;
      readonly count: number;
    }
  | { readonly kind: 'issue'; readonly code: SweepIssueCode };

/** The files whose columns are named, by path, or why one cannot be read. */
export type Tables = ReadonlyMap<string, TableReading>;

/** A file as it was read, or why it cannot be. */
export type TableReading =
  CsvTable | 'file_missing' | 'file_too_large' | 'not_a_table';

export const NO_TABLES: Tables = new Map();

/** No batch system takes more tasks: more values are not written out. */
export const MOST_VALUES = 100_000;
/** Longer texts are not read: values of that many belong into a file. */
export const MOST_TEXT = 400_000;

const NUMBER = String.raw`[+-]?\d+(?:\.\d+)?`;
const RANGE = new RegExp(
  String.raw`^(${NUMBER})\s*\.\.\s*(${NUMBER})(?:\s*(?:step|by|:)\s*(${NUMBER}))?$`,
  'i'
);
const COLUMN = /^@(.+)\[([^\]]*)\]$/;

/** The file and its column that a text names: `@targets.csv[ra]`. */
export function columnOf(
  text: string
): { path: string; column: string } | null {
  const match = text.length > 2000 ? null : COLUMN.exec(text.trim());
  return match && { path: match[1].trim(), column: match[2].trim() };
}

/** Write the column of a file as `columnOf` reads it. */
export function writeColumn(path: string, column: string): string {
  return `@${path}[${column}]`;
}

/**
 * Read what a parameter is given: `3`, or for each task one of `0..999`, `0..10 step 2`, `1, 2, 5`,
 * several of these, or the column of a file, `@targets.csv[ra]`.
 *
 * The last value of a range is included. A list in brackets is one value.
 */
export function readCell(text: string, tables: Tables): CellReading {
  if (text.length > MOST_TEXT) {
    return { kind: 'issue', code: 'too_much_text' };
  }
  const column = columnOf(text);
  if (column) {
    return readColumnOf(tables, column.path, column.column);
  }
  const range = readRange(text.trim());
  if (range) {
    return range;
  }
  const value = parseValue(text);
  return value === undefined ? readList(text) : { kind: 'value', value };
}

function readColumnOf(
  tables: Tables,
  path: string,
  column: string
): CellReading {
  const table = tables.get(path);
  if (table === undefined) {
    return { kind: 'issue', code: 'file_unread' };
  }
  if (typeof table === 'string') {
    return { kind: 'issue', code: table };
  }
  const cells = table.cellsOf(column);
  return cells === undefined
    ? { kind: 'issue', code: 'no_such_column' }
    : several(readColumn(cells));
}

function readRange(text: string): CellReading | null {
  const match = RANGE.exec(text);
  if (!match) {
    return null;
  }
  const [start, stop, step] = match.slice(1).map(part => Number(part ?? 1));
  if (!(step > 0) || stop < start) {
    return { kind: 'issue', code: 'no_values' };
  }
  const count = Math.floor((stop - start) / step + 1e-9) + 1;
  if ([start, stop, step].every(Number.isSafeInteger)) {
    return { kind: 'values', values: { start, stop, step }, count };
  }
  if (count > MOST_VALUES) {
    return { kind: 'issue', code: 'too_many_values' };
  }
  const digits = Math.max(...match.slice(1).map(digitsOf));
  return several(
    Array.from({ length: count }, (_, place) =>
      Number((start + place * step).toFixed(digits))
    )
  );
}

function digitsOf(text: string | undefined): number {
  return Math.min(20, text?.split('.')[1]?.length ?? 0);
}

function readList(text: string): CellReading {
  const parts = splitList(text);
  if (parts.length < 2) {
    return { kind: 'issue', code: 'not_a_value' };
  }
  const values: Value[] = [];
  for (const part of parts) {
    const range = readRange(part);
    const value = range ? undefined : parseValue(part);
    if (range?.kind === 'issue') {
      return range;
    }
    if (range === null && value === undefined) {
      return { kind: 'issue', code: 'not_a_value' };
    }
    const isTooMany = values.length + (countIn(range) ?? 1) > MOST_VALUES;
    if (isTooMany) {
      return { kind: 'issue', code: 'too_many_values' };
    }
    values.push(...(value === undefined ? writtenOut(range) : [value]));
  }
  return several(values);
}

function countIn(reading: CellReading | null): number | undefined {
  return reading?.kind === 'values' ? reading.count : undefined;
}

function several(values: readonly Value[]): CellReading {
  if (values.length === 0) {
    return { kind: 'issue', code: 'no_values' };
  }
  return values.length > MOST_VALUES
    ? { kind: 'issue', code: 'too_many_values' }
    : { kind: 'values', values: { values: [...values] }, count: values.length };
}

function writtenOut(reading: CellReading | null): Value[] {
  if (reading?.kind !== 'values') {
    return [];
  }
  const { values, start = 0, step = 1 } = reading.values;
  return values
    ? values.map(value => value as Value)
    : Array.from({ length: reading.count }, (_, place) => start + place * step);
}

/** Split at commas and line ends outside of quotes and brackets; what is empty at the end is none. */
function splitList(text: string): string[] {
  const tokens = text.matchAll(/(["'])(?:\\.|(?!\1)[^\\])*\1|[\s\S]/g);
  const parts = [''];
  let depth = 0;
  for (const [token] of tokens) {
    depth += '([{'.includes(token) ? 1 : ')]}'.includes(token) ? -1 : 0;
    if (depth === 0 && (token === ',' || token === '\n')) {
      parts.push('');
    } else {
      parts[parts.length - 1] += token;
    }
  }
  const trimmed = parts.map(part => part.trim());
  return trimmed.filter((part, at) => part !== '' || at < trimmed.length - 1);
}

/** The values of one parameter of some tasks, one by one. */
export function valuesOf(reading: CellReading): Value[] {
  return reading.kind === 'value' ? [reading.value] : writtenOut(reading);
}

/**
 * Write the values of one parameter as `readCell` reads them.
 *
 * @returns null if that would be too long to be looked through.
 */
export function writeCell(values: TaskValues): string | null {
  if (!values.values) {
    const { start = 0, stop = -1, step = 1 } = values;
    return step === 1 ? `${start}..${stop}` : `${start}..${stop} step ${step}`;
  }
  if (values.values.length > 1000) {
    return null;
  }
  return values.values.map(value => writePython(value)).join(', ');
}
