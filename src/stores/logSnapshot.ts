import type { LogStream } from '../model/contract';
import type { ILogPiece } from './logWindow';

/** What the view shows of one log. Frozen: a change makes a new one. */
export interface ILogSnapshot {
  readonly stream: LogStream;
  readonly text: string;
  /** The same text, cut behind lines. */
  readonly pieces: readonly ILogPiece[];
  /** Where the bytes behind `text` begin and end in the file. */
  readonly start: number;
  readonly end: number;
  /** Size of the file in bytes; null before the first answer. */
  readonly size: number | null;
  /** What is new is shown as it comes. */
  readonly isFollowing: boolean;
  /** There is text before the shown one: `loadEarlier`. */
  readonly hasEarlier: boolean;
  /** There is text behind the shown one: follow again. */
  readonly hasLater: boolean;
  /** The first shown line is so long that its beginning is left out. */
  readonly isCut: boolean;
  /** The job is over and its log was read to the end. */
  readonly isComplete: boolean;
  /** How often the file was truncated or replaced while it was shown. */
  readonly restarts: number;
  /** The last failure; null once a call succeeds again. What was shown stays. */
  readonly error: Error | null;
}

/** What is known of a log before it was asked for. */
export function emptyLog(stream: LogStream): ILogSnapshot {
  return Object.freeze({
    stream,
    text: '',
    pieces: [],
    start: 0,
    end: 0,
    size: null,
    isFollowing: true,
    hasEarlier: false,
    hasLater: false,
    isCut: false,
    isComplete: false,
    restarts: 0,
    error: null
  });
}
