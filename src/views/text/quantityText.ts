import { formatMemory } from '../../model/quantity';

/** Memory as a person reads it: `1.5 GB`. */
export function bytesText(bytes: number): string {
  return isolated(formatMemory(bytes));
}

/**
 * Keep what is written from left to right in its order where a page is read from right to left:
 * there a number and its unit change places otherwise, `GB 1.5`.
 */
export function isolated(text: string): string {
  return document.dir === 'rtl' ? `\u2068${text}\u2069` : text;
}
