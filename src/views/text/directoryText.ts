import type { TranslationBundle } from '@jupyterlab/translation';

import type { RunDirectory } from '../../model/contract';
import { bytesText } from './quantityText';
import { countText } from './timeText';

/** So many are named one by one before they are removed. */
const NAMED = 10;

/** How many run directories there are, and what they take up as far as that is known. */
export function sizesText(
  rows: readonly RunDirectory[],
  trans: TranslationBundle
): string {
  const sum = rows.reduce(
    (total, { size_bytes }) => total + (size_bytes ?? 0),
    0
  );
  const isKnown = rows.every(({ size_bytes }) => size_bytes !== null);
  const count = trans._n(
    '%2 run directory',
    '%2 run directories',
    rows.length,
    countText(rows.length)
  );
  return isKnown
    ? trans.__('%1, %2', count, bytesText(sum))
    : trans.__('%1, at least %2', count, bytesText(sum));
}

/** What goes when run directories are removed, and what stays. */
export function removalQuestion(
  rows: readonly RunDirectory[],
  trans: TranslationBundle
): { title: string; lines: string[]; act: string } {
  const left = rows.length - NAMED;
  return {
    title: trans._n(
      'Remove %2 run directory?',
      'Remove %2 run directories?',
      rows.length,
      countText(rows.length)
    ),
    lines: [
      trans.__(
        '%1, with all logs and outputs in them, are removed for good. What lies elsewhere stays, and so do the jobs in the list.',
        sizesText(rows, trans)
      ),
      ...rows.slice(0, NAMED).map(({ path }) => path),
      ...(left > 0
        ? [trans._n('and %2 more', 'and %2 more', left, countText(left))]
        : [])
    ],
    act: trans.__('Remove')
  };
}
