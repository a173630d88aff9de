import { COLUMN_IDS, USUAL_LAYOUT, widthOf } from './columns';
import type { ColumnId, TableLayout } from './columns';

/** As wide as long words and large numbers want it; in pixels. Other columns want no more than usual. */
const WANTED_WIDTHS: Readonly<Partial<Record<ColumnId, number>>> = {
  phase: 150,
  name: 260,
  gateway: 130,
  queue: 96,
  memory: 118,
  tasks: 144,
  why: 320
};

/** What can still be read in little room, where there is no column left to leave out; in pixels. */
const LEAST_WIDTHS: Readonly<Partial<Record<ColumnId, number>>> = {
  name: 96,
  why: 104
};

/** Columns that nobody chose make room in this order; others never do. */
const FIRST_TO_GO: readonly ColumnId[] = [
  'limit',
  'queue',
  'cores',
  'gateway',
  'tasks',
  'memory'
];

/** A layout as it fits into the room that there is: the width of every column is in it. */
export interface IFittedLayout {
  readonly layout: TableLayout;
  /** Columns for which there is no room. */
  readonly leftOut: readonly ColumnId[];
}

/**
 * Leave out columns that nobody chose where there is little room, and widen some where there is more.
 *
 * @param room - In pixels; 0 while it is not known.
 */
export function fitted(layout: TableLayout, room: number): IFittedLayout {
  const columns = room > 0 ? columnsWithin(layout, room) : layout.columns;
  const total = (width: Width): number =>
    columns.reduce((sum, id) => sum + width(layout, id), 0);
  const usual = total(widthOf);
  const isTight = room > 0 && usual > room;
  const end = isTight ? leastOf : wantedOf;
  const share =
    room > 0 && total(end) !== usual
      ? Math.min(1, (room - usual) / (total(end) - usual))
      : 0;
  const widths = columns.map(id => {
    const [from, to] = [widthOf(layout, id), end(layout, id)];
    return [id, Math.floor(from + (to - from) * share)] as const;
  });
  return {
    layout: { ...layout, columns, widths: Object.fromEntries(widths) },
    leftOut: layout.columns.filter(id => !columns.includes(id))
  };
}

/** Keep of a change to a fitted layout what was changed; the rest goes on to fit any room. */
export function unfitted(
  layout: TableLayout,
  before: TableLayout,
  after: TableLayout
): TableLayout {
  const widths = COLUMN_IDS.filter(
    id => after.widths[id] !== before.widths[id]
  ).map(id => [id, after.widths[id]] as const);
  return {
    ...after,
    columns: layout.columns,
    widths: { ...layout.widths, ...Object.fromEntries(widths) }
  };
}

function columnsWithin(layout: TableLayout, room: number): readonly ColumnId[] {
  const isChosen = layout.columns.join() !== USUAL_LAYOUT.columns.join();
  let columns = layout.columns;
  for (const next of isChosen ? [] : FIRST_TO_GO) {
    if (columns.reduce((sum, id) => sum + widthOf(layout, id), 0) > room) {
      columns = columns.filter(id => id !== next);
    }
  }
  return columns;
}

type Width = (layout: TableLayout, column: ColumnId) => number;

const wantedOf = otherThanUsual(WANTED_WIDTHS);
const leastOf = otherThanUsual(LEAST_WIDTHS);

/** Widths of columns, but for those that a person has given one. */
function otherThanUsual(widths: TableLayout['widths']): Width {
  return (layout, column) => {
    const usual = widthOf(layout, column);
    return column in layout.widths ? usual : (widths[column] ?? usual);
  };
}
