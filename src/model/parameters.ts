import { CONSTANTS, parseLiteral } from './literal';
import type { Value } from './literal';

/** One variable that the notebook's cell tagged `parameters` sets. */
export type Parameter = Readonly<{
  name: string;
  /** The type annotation as written, such as `float`. */
  typeHint: string | null;
  /** What is assigned, as written. */
  source: string;
  /** The assigned literal; undefined for an expression, which stays the notebook's own. */
  value: Value | undefined;
  /** The comment behind the assignment. */
  comment: string | null;
}>;

type Language = keyof typeof CONSTANTS;

type Statement = { code: string; comment: string | null; isIndented: boolean };

const ASSIGNMENTS: Readonly<Record<Language, RegExp>> = {
  python: /^([\p{L}_][\p{L}\p{N}_]*)\s*(?::\s*([^=]+?)\s*)?=(?!=)\s*(\S.*)$/su,
  julia: /^([\p{L}_][\p{L}\p{N}_!]*)\s*(?:::\s*([^=]+?)\s*)?=(?!=)\s*(\S.*)$/su,
  r: /^([\p{L}.][\p{L}\p{N}._]*)\s*()(?:<-|=(?!=))\s*(\S.*)$/su
};

const BRACKETS: Readonly<Record<string, number>> = {
  '[': 1,
  '(': 1,
  '{': 1,
  ']': -1,
  ')': -1,
  '}': -1
};

/**
 * Read the parameters of a notebook: simple assignments in its first cell tagged `parameters`.
 *
 * Python, R and Julia are understood; of two assignments to one name the last counts.
 *
 * @param notebook - nbformat JSON; anything else has no parameters.
 */
export function readParameters(notebook: unknown): Parameter[] {
  const language = languageOf(notebook);
  const cell = asList(get(notebook, 'cells')).find(isParametersCell);
  if (language === null || cell === undefined) {
    return [];
  }
  const parameters = new Map<string, Parameter>();
  for (const statement of splitStatements(textOf(get(cell, 'source')))) {
    const parameter = toParameter(statement, language);
    if (parameter) {
      parameters.set(parameter.name, parameter);
    }
  }
  return [...parameters.values()];
}

function toParameter(
  { code, comment, isIndented }: Statement,
  language: Language
): Parameter | null {
  const match = isIndented ? null : ASSIGNMENTS[language].exec(code);
  if (!match) {
    return null;
  }
  const [, name, typeHint, source] = match;
  return {
    name,
    typeHint: typeHint ? typeHint : null,
    source,
    value: parseLiteral(source, CONSTANTS[language]),
    comment
  };
}

/** Split source into statements: at line ends and semicolons outside of brackets and strings. */
function splitStatements(source: string): Statement[] {
  const tokens = source.replace(/\r\n?/g, '\n').matchAll(
    // a string; a comment; a continued line; one character
    /("""|''')(?:\\.|[^\\])*?(?:\1|$)|(["'])(?:\\.|(?!\2)[^\\\n])*(?:\2|$|(?=\n))|(#[^\n]*)|(\\\n)|([^])/gs
  );
  const statements: Statement[] = [];
  let code = '';
  let comment: string | null = null;
  let depth = 0;
  let isFirst = true;
  const flush = (): void => {
    if (code.trim()) {
      statements.push({
        code: code.trim(),
        comment,
        isIndented: isFirst && /^\s/.test(code)
      });
    }
    code = '';
    comment = null;
  };
  for (const [token, , , commentToken] of tokens) {
    depth = Math.max(0, depth + (BRACKETS[token] ?? 0));
    if (commentToken !== undefined && depth === 0) {
      comment = commentToken.replace(/^#+\s*/, '').trim() || null;
    } else if (depth === 0 && (token === '\n' || token === ';')) {
      flush();
      isFirst = token === '\n';
    } else {
      code += token;
    }
  }
  flush();
  return statements;
}

function isParametersCell(cell: unknown): boolean {
  const tags = asList(get(get(cell, 'metadata'), 'tags'));
  return get(cell, 'cell_type') === 'code' && tags.includes('parameters');
}

function languageOf(notebook: unknown): Language | null {
  const metadata = get(notebook, 'metadata');
  const name =
    get(get(metadata, 'kernelspec'), 'language') ??
    get(get(metadata, 'language_info'), 'name') ??
    'python';
  const lower = String(name).toLowerCase();
  return lower === 'python' || lower === 'julia' || lower === 'r'
    ? lower
    : null;
}

function textOf(source: unknown): string {
  return Array.isArray(source) ? source.join('') : String(source ?? '');
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function get(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
}
