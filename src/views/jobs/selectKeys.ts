import type * as React from 'react';

/** What the list does with keys that select. */
export interface ISelectByKey {
  /** Select a row, or no longer. */
  toggle: (row: HTMLElement) => void;
  /** Select from a row to its neighbour. */
  extend: (from: HTMLElement, to: HTMLElement) => void;
  selectAll: () => void;
  /** @returns whether anything was selected. */
  clear: () => boolean;
}

/**
 * Do what a key means for the selection.
 *
 * @param row - Where the focus is; null if that is no row.
 * @param rows - All rows, from top to bottom.
 * @returns whether the key meant something.
 */
export function selectByKey(
  event: React.KeyboardEvent,
  row: HTMLElement | null,
  rows: readonly HTMLElement[],
  select: ISelectByKey
): boolean {
  const isCommand = event.ctrlKey || event.metaKey;
  if (event.altKey) {
    return false;
  }
  if (isCommand) {
    const isAll = event.key.toLowerCase() === 'a' && !event.shiftKey;
    if (isAll) {
      select.selectAll();
    }
    return isAll;
  }
  if (event.key === 'Escape') {
    return select.clear();
  }
  if (event.shiftKey && row && /^Arrow(Up|Down)$/.test(event.key)) {
    const step = event.key === 'ArrowDown' ? 1 : -1;
    const next = rows[rows.indexOf(row) + step] ?? row;
    select.extend(row, next);
    next.focus();
    return true;
  }
  return false;
}
