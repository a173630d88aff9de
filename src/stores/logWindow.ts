import type { ILogChunk } from '../tokens';

/** A line longer than this is shown cut rather than left out. */
const LONGEST_SKIPPED_LINE = 65_536;

/** A piece ends with the line in which this many bytes of the file are full. */
const PIECE_BYTES = 16_384;

/** So many multiples of a piece a line can be long until it is cut into two pieces. */
const LONGEST_PIECES = 4;

const NEWLINE = 10;

const NO_BYTES = new Uint8Array(0);

/** Bytes of a log that lie side by side: never more than asked for, however long the log is. */
export class LogWindow {
  /** Where the first byte stands in the file. */
  get start(): number {
    return this._start;
  }

  /** Behind the last byte. */
  get end(): number {
    return this._start + this._bytes.length;
  }

  /** Whether the text that was read last holds a byte of the file. */
  shows(offset: number): boolean {
    return this._pieces.some(
      ({ start, size }) => start <= offset && offset < start + size
    );
  }

  /** Start anew with these bytes. */
  reset(chunk?: ILogChunk): void {
    this._start = chunk?.offset ?? 0;
    this._bytes = chunk?.bytes ?? NO_BYTES;
    this._pieces = [];
  }

  /** Add what follows, and drop the oldest bytes beyond `limit`. */
  append(bytes: Uint8Array, limit: number): void {
    const all = concatenate(this._bytes, bytes);
    const dropped = Math.max(0, all.length - limit);
    this._bytes = dropped > 0 ? all.slice(dropped) : all;
    this._start += dropped;
  }

  /** Add what stands before, and drop the newest bytes beyond `limit`. */
  prepend(bytes: Uint8Array, limit: number): void {
    this._start -= bytes.length;
    this._bytes = concatenate(bytes, this._bytes).slice(0, limit);
  }

  /**
   * Read the bytes as UTF-8, whatever they are: what is none becomes U+FFFD.
   *
   * The text begins with a whole line, unless that line is very long, and ends with a whole
   * character. What did not change since the last reading is the same object.
   */
  read(): ILogText {
    const newline = this._bytes.indexOf(NEWLINE);
    const isCut =
      this._start > 0 && (newline < 0 || newline > LONGEST_SKIPPED_LINE);
    let at = this._start === 0 ? 0 : isCut ? this._characterAt(0) : newline + 1;
    const pieces: ILogPiece[] = [];
    while (at < this._bytes.length) {
      const end = this._endOfPiece(at);
      pieces.push(this._piece(at, end));
      at = end;
    }
    this._pieces = pieces;
    return { text: pieces.map(({ text }) => text).join(''), pieces, isCut };
  }

  /** Where a piece that begins at an index ends: at the same places of the file in every window. */
  private _endOfPiece(at: number): number {
    const offset = this._start + at;
    const full = (Math.floor(offset / PIECE_BYTES) + 1) * PIECE_BYTES;
    const newline = this._bytes.indexOf(NEWLINE, full - 1 - this._start);
    const longest = full - this._start + LONGEST_PIECES * PIECE_BYTES;
    if (newline >= 0 && newline < longest) {
      return newline + 1;
    }
    return longest < this._bytes.length
      ? this._characterAt(longest)
      : this._bytes.length;
  }

  private _piece(at: number, end: number): ILogPiece {
    const [start, size] = [this._start + at, end - at];
    const known = this._pieces.find(piece => piece.start === start);
    if (known?.size === size && end < this._bytes.length) {
      return known;
    }
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const text = decoder.decode(this._bytes.subarray(at, end), {
      stream: end === this._bytes.length
    });
    return known?.size === size && known.text === text
      ? known
      : Object.freeze({ start, size, text });
  }

  /** The index of the first character that begins at an index or soon behind it. */
  private _characterAt(from: number): number {
    let index = from;
    while (index < from + 3 && (this._bytes[index] & 0xc0) === 0x80) {
      index += 1;
    }
    return index;
  }

  private _start = 0;
  private _bytes: Uint8Array = NO_BYTES;
  private _pieces: readonly ILogPiece[] = [];
}

/** Some lines of a log. Frozen. */
export interface ILogPiece {
  /** Where its first byte stands in the file. */
  readonly start: number;
  /** In bytes. */
  readonly size: number;
  readonly text: string;
}

/** Some text of a log. */
export interface ILogText {
  readonly text: string;
  /** The same text, cut behind lines. */
  readonly pieces: readonly ILogPiece[];
  /** The first line is so long that its beginning is not there. */
  readonly isCut: boolean;
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
