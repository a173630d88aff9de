import * as React from 'react';

import type { useInSight } from './useInSight';

/** The frame of a grid of any length, one tab stop: headings and rows are what it is given. */
export function WindowedGrid(props: {
  /** What is in sight of it. */
  inSight: ReturnType<typeof useInSight>;
  label: string;
  /** Rows of the list, whether they are in the page or not. */
  total: number;
  /** The width of each column, in pixels; the last one takes what is left. */
  widths: readonly number[];
  isMultiselectable: boolean;
  isBusy: boolean;
  /** The id of what the keyboard is at; undefined while that is not in the page. */
  active: string | undefined;
  onKeyDown: (event: React.KeyboardEvent) => void;
  /** The ids of the rows in the page, in the order of the list: they stand in another one. */
  owned: readonly string[];
  children: React.ReactNode;
}): JSX.Element {
  const { scroller, virtualizer } = props.inSight;
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      className="jp-BatchJobs-table"
      style={templateOf(props.widths)}
      aria-label={props.label}
      aria-rowcount={props.total + 1}
      aria-colcount={props.widths.length}
      aria-multiselectable={props.isMultiselectable || undefined}
      aria-busy={props.isBusy}
      aria-activedescendant={props.active}
      aria-owns={props.owned.join(' ')}
      onKeyDown={props.onKeyDown}
    >
      <div
        role="presentation"
        className="jp-BatchJobs-tableSpace"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {props.children}
      </div>
    </div>
  );
}

/** Give the focus to the grid in a view, as where what had it is gone. */
export function focusGrid(view: HTMLElement | null): void {
  view?.querySelector<HTMLElement>('[role="grid"]')?.focus();
}

function templateOf(widths: readonly number[]): React.CSSProperties {
  const last = widths.length - 1;
  const tracks = widths.map((width, at) =>
    at === last ? `minmax(${width}px, 1fr)` : `${width}px`
  );
  const total = widths.reduce((sum, width) => sum + width, 0);
  return {
    '--jp-batch-table-columns': tracks.join(' '),
    '--jp-batch-table-width': `${total}px`
  } as React.CSSProperties;
}
