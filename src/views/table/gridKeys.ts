import type * as React from 'react';

/** How keys select in a grid of any length, of which only some rows are known. */
export interface IGridSelecting<Row> {
  rowAt: (place: number) => Row | undefined;
  total: number;
  /** So many rows are in sight. */
  pageRows: number;
  /** Go to a place. */
  onIndex: (place: number) => void;
  onToggle: (row: Row) => void;
  /** Select as far as a place; `from` is where the keyboard stands. */
  onExtend: (from: Row, to: number) => void;
  onSelectAll: () => void;
  /** @returns whether anything was selected. */
  onClear: () => boolean;
}

/**
 * Do what a key means for the selection.
 *
 * @param index - Where the keyboard stands.
 * @returns whether the key meant something.
 */
export function selectKey<Row>(
  event: React.KeyboardEvent,
  index: number,
  options: IGridSelecting<Row>
): boolean {
  const row = options.rowAt(index);
  if (event.ctrlKey || event.metaKey) {
    const isAll = event.key.toLowerCase() === 'a' && !event.shiftKey;
    if (isAll) {
      options.onSelectAll();
    }
    return isAll;
  }
  if (event.key === 'Escape') {
    return options.onClear();
  }
  if (event.key === ' ' && row !== undefined) {
    options.onToggle(row);
    return true;
  }
  const next = nextIndex(event.key, index, options);
  if (event.shiftKey && next !== null && row !== undefined) {
    options.onExtend(row, within(next, options.total));
    options.onIndex(next);
    return true;
  }
  return false;
}

/** The row that a key leads to, which may be beyond the last one; null if none. */
function nextIndex(
  key: string,
  index: number,
  { pageRows, total }: { pageRows: number; total: number }
): number | null {
  switch (key) {
    case 'ArrowDown':
      return index + 1;
    case 'ArrowUp':
      return index - 1;
    case 'PageDown':
      return index + pageRows;
    case 'PageUp':
      return index - pageRows;
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}

/** Where the focus stands in a grid: at a row, or at the heading of a column. */
export type GridSpot = { readonly index: number } | { readonly column: number };

/** The id of the element at which the keyboard is. */
export function spotId(gridId: string, spot: GridSpot): string {
  return `${gridId}${'index' in spot ? 'row' + spot.index : 'head' + spot.column}`;
}

/**
 * Go where a key leads in a grid of so many columns.
 *
 * @returns whether it leads anywhere.
 */
export function moveByKey(
  key: string,
  spot: GridSpot,
  size: { pageRows: number; total: number; columns: number },
  onSpot: (spot: GridSpot) => void
): boolean {
  const next = nextSpot(key, spot, size);
  if (next !== null) {
    onSpot(next);
  }
  return next !== null;
}

function nextSpot(
  key: string,
  spot: GridSpot,
  size: { pageRows: number; total: number; columns: number }
): GridSpot | null {
  if ('column' in spot) {
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    return step !== 0
      ? { column: within(spot.column + step, size.columns) }
      : key === 'ArrowDown'
        ? { index: 0 }
        : null;
  }
  const next = nextIndex(key, spot.index, size);
  return next === null
    ? null
    : next === -1 && key === 'ArrowUp'
      ? { column: 0 }
      : { index: within(next, size.total) };
}

/** The number that is nearest of those from 0 to below `count`. */
export function within(number: number, count: number): number {
  return Math.max(0, Math.min(count - 1, number));
}
