import type { TranslationBundle } from '@jupyterlab/translation';

import type { Job } from '../../model/contract';
import { formatMemory } from '../../model/quantity';

/** Memory as a person reads it: `1.5 GB`. */
export function bytesText(bytes: number): string {
  return isolated(formatMemory(bytes));
}

/** How much was used, as far as that was measured. */
export function usedText(
  used: string,
  usage: Pick<Job['usage'], 'is_partial'>,
  trans: TranslationBundle
): string {
  return usage.is_partial ? trans.__('at least %1', used) : used;
}

/**
 * Keep what is written from left to right in its order where a page is read from right to left:
 * there a number and its unit change places otherwise, `GB 1.5`.
 */
export function isolated(text: string): string {
  return document.dir === 'rtl' ? `\u2068${text}\u2069` : text;
}
