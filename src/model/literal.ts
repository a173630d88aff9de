/** A value as JSON can carry it. */
export type Value =
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | { readonly [key: string]: Value };

/** Words that stand for values in one language. */
export type Constants = Readonly<Record<string, Value>>;

const JSON_CONSTANTS: Constants = { true: true, false: false, null: null };

/** The constants of the languages whose notebooks we can read. */
export const CONSTANTS = {
  python: { True: true, False: false, None: null },
  julia: { true: true, false: false, nothing: null },
  r: { TRUE: true, FALSE: false, NULL: null, T: true, F: false }
} as const satisfies Record<string, Constants>;

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '0': '\0',
  '/': '/',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': ''
};

const MAX_DEPTH = 100;

/** What is thrown inside of this module where a text is no literal. */
class NotLiteral extends Error {}

/**
 * Read a text as a JSON or Python literal.
 *
 * Numbers that a JavaScript number cannot hold exactly, `NaN`, infinities, sets and bytes are no
 * values here; a tuple becomes a list.
 *
 * @returns undefined if the text is anything else, for instance an expression or a bare word.
 */
export function parseValue(text: string): Value | undefined {
  return parseLiteral(text, { ...JSON_CONSTANTS, ...CONSTANTS.python });
}

/** Read a text as a literal with the constants of one language. */
export function parseLiteral(
  text: string,
  constants: Constants
): Value | undefined {
  try {
    return new LiteralReader(text, constants).read();
  } catch (error) {
    if (error instanceof NotLiteral) {
      return undefined;
    }
    throw error;
  }
}

/** What Python would be without quotes. */
export class Code {
  constructor(readonly text: string) {}
}

/** Write a value as Python: a literal, or code as it stands. */
export function writeCode(value: unknown): string {
  return value instanceof Code ? value.text : writePython(value);
}

/** Write a value as a Python literal. */
export function writePython(value: unknown): string {
  if (value === null || value === undefined) {
    return 'None';
  }
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  if (Array.isArray(value)) {
    return `[${value.map(writePython).join(', ')}]`;
  }
  if (typeof value === 'object') {
    const items = Object.entries(value).map(
      ([key, item]) => `${writePython(key)}: ${writePython(item)}`
    );
    return `{${items.join(', ')}}`;
  }
  return writeScalar(value);
}

function writeScalar(value: unknown): string {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    // as digits it would claim to be exact
    return Number(value).toExponential();
  }
  return JSON.stringify(value)
    .replace(/\u007f/g, '\\u007f')
    .replace(/[\u2028\u2029]/g, separator =>
      separator === '\u2028' ? '\\u2028' : '\\u2029'
    );
}

class LiteralReader {
  constructor(text: string, constants: Constants) {
    this._text = text;
    this._constants = constants;
  }

  read(): Value {
    const value = this._value(0);
    this._skip();
    if (this._position < this._text.length) {
      throw new NotLiteral();
    }
    return value;
  }

  private _value(depth: number): Value {
    this._skip();
    const next = this._text[this._position] ?? '';
    if (depth > MAX_DEPTH) {
      throw new NotLiteral();
    }
    if (next === '[' || next === '(') {
      return this._list(next === '[' ? ']' : ')', depth);
    }
    if (next === '{') {
      return this._dictionary(depth);
    }
    const quote = this._match(/([rRuU]?)("""|'''|"|')/y);
    if (quote) {
      return this._string(quote[2], quote[1].toLowerCase() === 'r');
    }
    return this._number() ?? this._constant();
  }

  private _list(close: string, depth: number): Value {
    this._position += 1;
    const items: Value[] = [];
    let hasComma = false;
    while (!this._take(close)) {
      if (items.length > 0 && !hasComma) {
        throw new NotLiteral();
      }
      items.push(this._value(depth + 1));
      hasComma = this._take(',');
    }
    const isGrouping = close === ')' && items.length === 1 && !hasComma;
    return isGrouping ? items[0] : items;
  }

  private _dictionary(depth: number): Value {
    this._position += 1;
    const entries: [string, Value][] = [];
    let hasComma = false;
    while (!this._take('}')) {
      const key = this._value(depth + 1);
      if (
        typeof key !== 'string' ||
        (entries.length > 0 && !hasComma) ||
        !this._take(':')
      ) {
        throw new NotLiteral();
      }
      entries.push([key, this._value(depth + 1)]);
      hasComma = this._take(',');
    }
    return Object.fromEntries(entries);
  }

  private _string(quote: string, isRaw: boolean): string {
    let text = '';
    while (!this._text.startsWith(quote, this._position)) {
      const character = this._text[this._position++];
      if (character === undefined || (character === '\n' && !quote[1])) {
        throw new NotLiteral();
      }
      text += character === '\\' ? this._escape(isRaw) : character;
    }
    this._position += quote.length;
    return text;
  }

  private _escape(isRaw: boolean): string {
    const next = this._text[this._position++];
    if (next === undefined) {
      throw new NotLiteral();
    }
    if (isRaw) {
      return `\\${next}`;
    }
    const digits = { x: 2, u: 4, U: 8 }[next];
    if (digits === undefined) {
      return ESCAPES[next] ?? `\\${next}`;
    }
    const match = this._match(new RegExp(`[0-9a-fA-F]{${digits}}`, 'y'));
    const code = parseInt(match?.[0] ?? 'NaN', 16);
    if (!(code <= 0x10ffff)) {
      throw new NotLiteral();
    }
    return String.fromCodePoint(code);
  }

  private _number(): number | null {
    const match = this._match(
      /([+-]?)(0[xob][\da-f]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?)(L?)(?![\w.])/iy
    );
    if (!match) {
      return null;
    }
    const digits = match[2].replace(/_/g, '');
    const size = Number(digits);
    const isInteger = /^(\d+|0[xob][\da-f]+)$/i.test(digits);
    if (!Number.isFinite(size) || (isInteger && !Number.isSafeInteger(size))) {
      throw new NotLiteral();
    }
    return match[1] === '-' ? -size : size;
  }

  private _constant(): Value {
    const word = this._match(/[A-Za-z]+(?!\w)/y)?.[0] ?? '';
    if (!Object.prototype.hasOwnProperty.call(this._constants, word)) {
      throw new NotLiteral();
    }
    return this._constants[word];
  }

  private _match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this._position;
    const match = pattern.exec(this._text);
    if (match) {
      this._position = pattern.lastIndex;
    }
    return match;
  }

  private _skip(): void {
    this._match(/(?:\s|#[^\n]*(?:\n|$))*/y);
  }

  private _take(character: string): boolean {
    this._skip();
    const isThere = this._text[this._position] === character;
    this._position += isThere ? 1 : 0;
    return isThere;
  }

  private readonly _text: string;
  private readonly _constants: Constants;
  private _position = 0;
}
