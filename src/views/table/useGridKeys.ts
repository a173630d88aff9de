import * as React from 'react';

import { sortedBy, widthOf, withWidth } from '../../model/columns';
import type { TableLayout } from '../../model/columns';
import type { JobRow } from '../../model/contract';
import { canCancel, isOver } from '../../model/phase';
import type { IJobActions } from '../jobs/jobActions';
import { typeAhead } from '../jobs/listKeys';
import { openMenu } from '../jobs/useListFocus';
import { moveByKey, selectKey, within } from './gridKeys';

/** By so many pixels a key makes a column wider. */
const WIDTH_STEP = 16;

/** Type-ahead looks at so many rows below. */
const SEARCHED_ROWS = 500;

/** Where the focus stands: at a job, or at the heading of a column. */
export type GridPlace =
  | { readonly kind: 'row'; readonly index: number; readonly id: string | null }
  | { readonly kind: 'head'; readonly column: number };

/** The rows of a grid, of which only some are known. */
export interface IGridRows {
  row(index: number): JobRow | undefined;
  indexOf(id: string): number | null;
}

/** What keys do in the grid. */
export interface IGridKeyOptions {
  rows: IGridRows;
  total: number;
  /** So many rows are in sight. */
  pageRows: number;
  place: GridPlace;
  layout: TableLayout;
  actions: IJobActions;
  onPlace: (place: GridPlace) => void;
  onLayout: (layout: TableLayout) => void;
  onToggle: (row: JobRow) => void;
  onExtend: (from: JobRow, to: number) => void;
  onSelectAll: () => void;
  /** @returns whether anything was selected. */
  onClear: () => boolean;
  /** The element of a job. */
  elementOf: (index: number) => HTMLElement | null;
}

/** Answer keys in the grid, which is one tab stop. */
export function useGridKeys(
  options: IGridKeyOptions
): (event: React.KeyboardEvent) => void {
  const typed = React.useRef({ text: '', atMs: 0 });
  return event => {
    const isMeant = event.altKey
      ? false
      : options.place.kind === 'head'
        ? keyInHead(event, options, options.place.column)
        : selectKey(event, indexOf(options), {
            ...options,
            rowAt: at => options.rows.row(at),
            onIndex: at => options.onPlace(rowPlace(options, at))
          }) ||
          (!event.ctrlKey &&
            !event.metaKey &&
            (moveKey(event, options) ||
              actKey(event, options) ||
              typeKey(event, options, typed)));
    if (isMeant) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

/** The place of a row, within the list. */
export function rowPlace(options: IGridKeyOptions, index: number): GridPlace {
  const inside = within(index, options.total);
  const id = options.rows.row(inside)?.id ?? null;
  return { kind: 'row', index: inside, id };
}

function keyInHead(
  event: React.KeyboardEvent,
  options: IGridKeyOptions,
  column: number
): boolean {
  const { key, shiftKey } = event;
  const { layout } = options;
  const id = layout.columns[column];
  const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  if (step !== 0 && shiftKey) {
    const width = widthOf(layout, id) + step * WIDTH_STEP;
    options.onLayout(withWidth(layout, id, width));
  } else if (key === 'Enter' || key === ' ') {
    options.onLayout(sortedBy(layout, id));
  } else {
    return moveKey(event, options);
  }
  return true;
}

function indexOf({ place }: IGridKeyOptions): number {
  return place.kind === 'row' ? place.index : 0;
}

function moveKey(
  { key }: React.KeyboardEvent,
  options: IGridKeyOptions
): boolean {
  const { place, layout } = options;
  const spot =
    place.kind === 'row' ? { index: place.index } : { column: place.column };
  const size = { ...options, columns: layout.columns.length };
  return moveByKey(key, spot, size, next =>
    options.onPlace(
      'column' in next
        ? { kind: 'head', column: next.column }
        : rowPlace(options, next.index)
    )
  );
}

function actKey(event: React.KeyboardEvent, options: IGridKeyOptions): boolean {
  const index = indexOf(options);
  const row = options.rows.row(index);
  const { actions } = options;
  if (!row) {
    return false;
  }
  if (event.key === 'Enter') {
    actions.open(row);
  } else if (event.key === 'Delete') {
    if (canCancel(row)) {
      actions.cancel(row);
    } else if (isOver(row)) {
      actions.forget(row);
    }
  } else if (
    event.key === 'ContextMenu' ||
    (event.shiftKey && event.key === 'F10')
  ) {
    const element = options.elementOf(index);
    if (element) {
      openMenu(element);
    }
  } else {
    return false;
  }
  return true;
}

/** Go to the next known row whose name begins with what is typed. */
function typeKey(
  event: React.KeyboardEvent,
  options: IGridKeyOptions,
  typed: React.MutableRefObject<{ text: string; atMs: number }>
): boolean {
  if (Array.from(event.key).length !== 1) {
    return false;
  }
  typed.current = typeAhead(typed.current, event.key, event.timeStamp);
  const wanted = typed.current.text.toLocaleLowerCase();
  const begin = indexOf(options) + (wanted.length > 1 ? 0 : 1);
  for (let step = 0; step < SEARCHED_ROWS && step < options.total; step++) {
    const index = (begin + step) % options.total;
    const name = options.rows.row(index)?.name.toLocaleLowerCase();
    if (name?.startsWith(wanted)) {
      options.onPlace(rowPlace(options, index));
      break;
    }
  }
  return true;
}
