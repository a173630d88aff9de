import type { Value } from './literal';

/** What stands in a file of comma-separated values, by column. */
export type CsvTable = Readonly<{
  columns: readonly string[];
  /** So many rows stand below the first line. */
  rowCount: number;
  /** The cells of a column, as written; undefined if there is none of that name. */
  cellsOf: (column: string) => readonly string[] | undefined;
}>;

const DELIMITERS = [',', '\t', ';'] as const;

/** A whole or decimal number as JSON has it: no leading zero, so that `007` stays a name. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** A number is no formula, whatever its sign. */
const SIGNED_NUMBER = /^[+-]?\d+(\.\d+)?$/;

/**
 * Read a file with a line of names above its rows.
 *
 * Cells stand between commas, semicolons or tabs, whichever the first line has most of; quotes, line
 * ends in quotes, `\r\n` and a byte order mark are understood. Empty lines are passed over, missing
 * cells are empty.
 *
 * @returns null if there is no line of names.
 */
export function parseCsv(text: string): CsvTable | null {
  const rows = readRows(text.replace(/^\uFEFF/, ''));
  const [columns, ...body] = rows;
  if (columns === undefined) {
    return null;
  }
  const names = columns.map(name => name.trim());
  return {
    columns: names,
    rowCount: body.length,
    cellsOf: column => {
      const at = names.indexOf(column);
      return at < 0 ? undefined : body.map(row => row[at] ?? '');
    }
  };
}

/** Read the cells of a column as numbers if all are, as booleans if all are, else as texts. */
export function readColumn(cells: readonly string[]): Value[] {
  const trimmed = cells.map(cell => cell.trim());
  if (trimmed.every(isNumber)) {
    return trimmed.map(Number);
  }
  if (trimmed.every(cell => /^(true|false)$/i.test(cell))) {
    return trimmed.map(cell => cell.toLowerCase() === 'true');
  }
  return [...cells];
}

/** Whether a JavaScript number holds it as it is written, up to rounding of its last digits. */
function isNumber(cell: string): boolean {
  const value = Number(cell);
  return (
    NUMBER.test(cell) &&
    Number.isFinite(value) &&
    (!Number.isInteger(value) || Number.isSafeInteger(value))
  );
}

function delimiterOf(text: string): string {
  const line = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const counts = DELIMITERS.map(delimiter => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

function readRows(text: string): string[][] {
  const delimiter = delimiterOf(text);
  // a quoted cell or one without quotes, and what ends it
  const cells = new RegExp(
    `("(?:[^"]|"")*(?:"|$)|)([^${delimiter}\r\n]*)(${delimiter}|\r\n?|\n|$)`,
    'y'
  );
  const rows: string[][] = [];
  let row: string[] = [];
  while (cells.lastIndex < text.length || row.length > 0) {
    const match = cells.exec(text);
    if (match === null) {
      break;
    }
    const [, quoted, plain, end] = match;
    row.push(unquote(quoted) + plain);
    if (end !== delimiter) {
      if (row.length > 1 || row[0] !== '') {
        rows.push(row);
      }
      row = [];
    }
  }
  return rows;
}

function unquote(quoted: string): string {
  const end = quoted.length > 1 && quoted.endsWith('"') ? -1 : undefined;
  return quoted.slice(1, end).replace(/""/g, '"');
}

/**
 * Write lines as CSV (RFC 4180) that a spreadsheet shows as they are.
 *
 * A cell that would be run as a formula gets an apostrophe before it: names of jobs come from
 * anywhere.
 */
export function toCsv(lines: readonly (readonly string[])[]): string {
  return lines.map(line => `${line.map(toCell).join(',')}\r\n`).join('');
}

function toCell(text: string): string {
  const isFormula = FORMULA.test(text) && !SIGNED_NUMBER.test(text);
  const harmless = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(harmless)
    ? `"${harmless.replace(/"/g, '""')}"`
    : harmless;
}
