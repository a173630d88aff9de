import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';

/** Of a row and of the headings, in pixels. */
const ROW_HEIGHT = 29;

/** Which rows of a list of any length are in sight, also those just above and below. */
export function useInSight(
  total: number,
  onShow: (first: number, last: number) => void
) {
  const scroller = React.useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    paddingStart: ROW_HEIGHT,
    scrollPaddingStart: ROW_HEIGHT
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? 0;
  const latest = React.useRef(onShow);
  latest.current = onShow;
  React.useEffect(() => latest.current(first, last), [first, last, total]);
  return { scroller, virtualizer, items, first, last };
}
