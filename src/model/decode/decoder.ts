/** Reads an unknown value as a `T`, or throws a `DecodeError` that says where it does not fit. */
export type Decoder<T> = (value: unknown, path: string) => T;

/** An answer is not what the contract says. */
export class DecodeError extends Error {
  /**
   * @param path - where in the answer, such as `rows.3.phase`.
   * @param expected - what should stand there.
   */
  constructor(path: string, expected: string) {
    super(`Expected ${expected} at ${path || 'the top'}`);
    this.name = 'DecodeError';
    this.path = path;
  }

  readonly path: string;
}

/** Read text. */
export const text: Decoder<string> = (value, path) => {
  if (typeof value !== 'string') {
    throw new DecodeError(path, 'text');
  }
  return value;
};

/** Read a number. */
export const number: Decoder<number> = (value, path) => {
  if (typeof value !== 'number') {
    throw new DecodeError(path, 'a number');
  }
  return value;
};

/** Read a whole number. */
export const integer: Decoder<number> = (value, path) => {
  if (!Number.isInteger(value)) {
    throw new DecodeError(path, 'a whole number');
  }
  return number(value, path);
};

/** Read true or false. */
export const flag: Decoder<boolean> = (value, path) => {
  if (typeof value !== 'boolean') {
    throw new DecodeError(path, 'true or false');
  }
  return value;
};

/** Take anything as it is. */
export const anything: Decoder<unknown> = value => value;

/** Read null or what `decoder` reads. */
export function nullable<T>(decoder: Decoder<T>): Decoder<T | null> {
  return (value, path) => (value === null ? null : decoder(value, path));
}

/** Read a property that an input may leave out. */
export function optional<T>(decoder: Decoder<T>): Decoder<T | undefined> {
  return (value, path) =>
    value === undefined ? undefined : decoder(value, path);
}

/** Read a list. */
export function list<T>(decoder: Decoder<T>): Decoder<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) {
      throw new DecodeError(path, 'a list');
    }
    return value.map((item, index) => decoder(item, join(path, index)));
  };
}

/** Read an object whose keys are free. */
export function dictionary<T>(decoder: Decoder<T>): Decoder<Record<string, T>> {
  return (value, path) =>
    Object.fromEntries(
      Object.entries(fieldsOf(value, path)).map(([key, item]) => [
        key,
        decoder(item, join(path, key))
      ])
    );
}

/**
 * Read one of the words of a closed list; the record makes the compiler hold it complete.
 *
 * @param otherwise - What a word means that only a newer server knows; without it, it is refused.
 */
export function word<T extends string>(
  words: Record<T, true>,
  otherwise?: T
): Decoder<T> {
  return (value, path) => {
    if (typeof value === 'string' && isOneOf(words, value)) {
      return value;
    }
    if (typeof value === 'string' && otherwise !== undefined) {
      return otherwise;
    }
    throw new DecodeError(path, Object.keys(words).join(' | '));
  };
}

/** Read a list of such words; those that only a newer server knows are left out. */
export function knownWords<T extends string>(
  words: Record<T, true>
): Decoder<T[]> {
  const texts = list(text);
  return (value, path) => texts(value, path).filter(one => isOneOf(words, one));
}

function isOneOf<T extends string>(
  words: Record<T, true>,
  value: string
): value is T {
  return Object.prototype.hasOwnProperty.call(words, value);
}

/** Read an object with these properties; others are dropped. */
export function object<T extends object>(decoders: {
  [K in keyof Required<T>]: Decoder<T[K]>;
}): Decoder<T> {
  const names = Object.keys(decoders) as (keyof T & string)[];
  return (value, path) => {
    const fields = fieldsOf(value, path);
    const result: Partial<T> = {};
    for (const name of names) {
      const item = decoders[name](fields[name], join(path, name));
      if (item !== undefined) {
        result[name] = item;
      }
    }
    return result as T;
  };
}

/** Read an object as its properties, whatever they are. */
export function fieldsOf(
  value: unknown,
  path: string
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError(path, 'an object');
  }
  return value as Record<string, unknown>;
}

function join(path: string, key: string | number): string {
  return path ? `${path}.${key}` : String(key);
}
