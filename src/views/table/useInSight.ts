import { useVirtualizer } from '@tanstack/react-virtual';
import type { VirtualItem } from '@tanstack/react-virtual';
import * as React from 'react';

/** Of a row and of the headings, in pixels. */
const ROW_HEIGHT = 29;

/** So many rows above and below those in sight are in the page too. */
const OVERSCAN = 8;

/** A row in the page, and which of the elements it stands in. */
export interface ISlot {
  readonly index: number;
  /** From the top of the list, in pixels. */
  readonly start: number;
  readonly slot: number;
}

/** Which rows of a list of any length are in sight, also those just above and below. */
export function useInSight(
  total: number,
  onShow?: (first: number, last: number) => void
) {
  const scroller = React.useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    paddingStart: ROW_HEIGHT,
    scrollPaddingStart: ROW_HEIGHT
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? 0;
  const height = virtualizer.scrollRect?.height ?? 0;
  const slots = slotsOf(items, Math.ceil(height / ROW_HEIGHT) + 1);
  const latest = React.useRef(onShow);
  latest.current = onShow;
  React.useEffect(() => latest.current?.(first, last), [first, last, total]);
  // One row of the page before stays in sight, below the headings.
  const pageRows = Math.max(1, Math.floor(height / ROW_HEIGHT) - 2);
  return { scroller, virtualizer, items, slots, pageRows };
}

/**
 * Let each row that comes into sight take the element of one that left it.
 *
 * To fill an element with another row costs a fraction of making and placing a new one. They are
 * in the order of the elements, so that none of these moves in the page either.
 */
export function slotsOf(
  items: readonly Pick<VirtualItem, 'index' | 'start'>[],
  inSight: number
): readonly ISlot[] {
  const count = Math.max(items.length, inSight + 2 * OVERSCAN);
  return items
    .map(({ index, start }) => ({ index, start, slot: index % count }))
    .sort((one, other) => one.slot - other.slot);
}
