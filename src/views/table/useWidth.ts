import * as React from 'react';

/** How wide an element is, in pixels; 0 while that is not known. */
export function useWidth(element: React.RefObject<Element>): number {
  const [width, setWidth] = React.useState(0);
  React.useLayoutEffect(() => {
    const watched = element.current;
    if (!watched) {
      return undefined;
    }
    const look = (): void => setWidth(watched.clientWidth);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
