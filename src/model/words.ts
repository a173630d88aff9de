/** What the words of a command line are, or where its quotes do not close. */
export type Words =
  | { readonly words: readonly string[]; readonly error: null }
  | { readonly words: null; readonly error: 'unbalanced_quotes' };

type Reader = { text: string; position: number };

/**
 * Split a command line into words as a POSIX shell quotes them, without any expansion.
 *
 * `$`, `*`, `~`, `|` and the like are plain characters: no shell ever reads the words.
 */
export function splitWords(text: string): Words {
  const reader = { text, position: 0 };
  const words: string[] = [];
  for (;;) {
    skipSpace(reader);
    if (reader.position >= text.length) {
      return { words, error: null };
    }
    const word = readWord(reader);
    if (word === null) {
      return { words: null, error: 'unbalanced_quotes' };
    }
    words.push(word);
  }
}

/** Write words as one command line that `splitWords`, and a shell, reads back the same. */
export function joinWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

/** Quote one word for a command line, if it needs that. */
export function quoteWord(word: string): string {
  return /^(?:[\w@%+=:,./-]|\{\w+\})+$/.test(word)
    ? word
    : `'${word.replace(/'/g, "'\\''")}'`;
}

function isSpace(character: string): boolean {
  return /[ \t\r\n]/.test(character);
}

function skipSpace(reader: Reader): void {
  while (
    reader.position < reader.text.length &&
    isSpace(reader.text[reader.position])
  ) {
    reader.position += 1;
  }
}

function readWord(reader: Reader): string | null {
  let word = '';
  while (reader.position < reader.text.length) {
    const character = reader.text[reader.position];
    if (isSpace(character)) {
      break;
    }
    const piece = readPiece(reader, character);
    if (piece === null) {
      return null;
    }
    word += piece;
  }
  return word;
}

function readPiece(reader: Reader, character: string): string | null {
  reader.position += 1;
  switch (character) {
    case "'":
      return readSingleQuoted(reader);
    case '"':
      return readDoubleQuoted(reader);
    case '\\':
      return readEscaped(reader);
    default:
      return character;
  }
}

function readSingleQuoted(reader: Reader): string | null {
  const end = reader.text.indexOf("'", reader.position);
  if (end < 0) {
    return null;
  }
  const piece = reader.text.slice(reader.position, end);
  reader.position = end + 1;
  return piece;
}

function readDoubleQuoted(reader: Reader): string | null {
  let piece = '';
  while (reader.position < reader.text.length) {
    const character = reader.text[reader.position++];
    if (character === '"') {
      return piece;
    }
    const next = reader.text[reader.position];
    if (character === '\\' && next !== undefined && '"\\$`\n'.includes(next)) {
      piece += next === '\n' ? '' : next;
      reader.position += 1;
    } else {
      piece += character;
    }
  }
  return null;
}

function readEscaped(reader: Reader): string | null {
  const next = reader.text[reader.position];
  if (next === undefined) {
    return null;
  }
  reader.position += 1;
  return next === '\n' ? '' : next;
}
