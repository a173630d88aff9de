import type { ILogChunk } from '../tokens';

/** A line longer than this is shown cut rather than left out. */
const LONGEST_SKIPPED_LINE = 65_536;

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

  /** Start anew with these bytes. */
  reset(chunk?: ILogChunk): void {
    this._start = chunk?.offset ?? 0;
    this._bytes = chunk?.bytes ?? NO_BYTES;
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
   * character.
   */
  read(): ILogText {
    const newline = this._bytes.indexOf(NEWLINE);
    const isCut =
      this._start > 0 && (newline < 0 || newline > LONGEST_SKIPPED_LINE);
    const first =
      this._start === 0 ? 0 : isCut ? this._firstCharacter() : newline + 1;
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    return {
      text: decoder.decode(this._bytes.subarray(first), { stream: true }),
      isCut
    };
  }

  private _firstCharacter(): number {
    let index = 0;
    while (index < 3 && (this._bytes[index] & 0xc0) === 0x80) {
      index += 1;
    }
    return index;
  }

  private _start = 0;
  private _bytes: Uint8Array = NO_BYTES;
}

/** Some text of a log. */
export interface ILogText {
  readonly text: string;
  /** The first line is so long that its beginning is not there. */
  readonly isCut: boolean;
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
