import { parseDuration } from './quantity';

/** The server takes at most ten years. */
const MOST_SECONDS = 315_360_000;

/** Read a time limit such as `90m` or `1-12:00`: seconds, or null if the text is none. */
export function readWalltime(text: string): number | null {
  const seconds = parseDuration(text);
  return seconds !== null && seconds > 0 && seconds <= MOST_SECONDS
    ? seconds
    : null;
}
