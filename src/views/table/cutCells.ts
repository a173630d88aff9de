import type * as React from 'react';

/** The class of a cell that has no tooltip of its own. */
export const PLAIN_CELL = 'jp-mod-plain';

/**
 * Let a cell that is cut say all in its tooltip.
 *
 * That is seen when the mouse comes: to look at each cell as it is drawn would cost a layout.
 */
export function tellWhatIsCut({ target }: React.MouseEvent): void {
  const cell = (target as Element).closest<HTMLElement>(`.${PLAIN_CELL}`);
  if (cell) {
    const isCut = cell.scrollWidth > cell.clientWidth;
    cell.title = isCut ? (cell.textContent ?? '') : '';
  }
}
