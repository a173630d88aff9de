import type { JobSort } from './contract';

/** What a column of the table shows. */
export type ColumnId =
  | 'phase'
  | 'name'
  | 'gateway'
  | 'queue'
  | 'submitted'
  | 'started'
  | 'ended'
  | 'elapsed'
  | 'limit'
  | 'cores'
  | 'memory'
  | 'tasks'
  | 'tags'
  | 'native_id'
  | 'why';

/** Which columns there are, from left to right, how wide, and in which order the jobs stand. */
export type TableLayout = Readonly<{
  columns: readonly ColumnId[];
  /** In pixels; of a column that is not in here its usual one. */
  widths: Readonly<Partial<Record<ColumnId, number>>>;
  sort: JobSort;
  descending: boolean;
}>;

/** All columns, from left to right. */
export const COLUMN_IDS: readonly ColumnId[] = [
  'phase',
  'name',
  'gateway',
  'queue',
  'submitted',
  'started',
  'ended',
  'elapsed',
  'limit',
  'cores',
  'memory',
  'tasks',
  'tags',
  'native_id',
  'why'
];

/** By what the server sorts for a column; the others cannot be sorted. */
export const SORT_OF: Readonly<Partial<Record<ColumnId, JobSort>>> = {
  phase: 'phase',
  name: 'name',
  gateway: 'gateway',
  queue: 'queue',
  submitted: 'created',
  started: 'started',
  ended: 'ended',
  cores: 'cores',
  memory: 'memory'
};

const LEAST_WIDTH = 48;
const MOST_WIDTH = 1_000;
// Together, at first, they fit beside the panel into a window of 1440 pixels; the last takes what is left.
const USUAL_WIDTHS: Readonly<Record<ColumnId, number>> = {
  phase: 116,
  name: 126,
  gateway: 90,
  queue: 64,
  submitted: 110,
  started: 112,
  ended: 112,
  elapsed: 80,
  limit: 70,
  cores: 60,
  memory: 108,
  tasks: 104,
  tags: 140,
  native_id: 90,
  why: 130
};
const NOT_AT_FIRST: readonly ColumnId[] = [
  'started',
  'ended',
  'tags',
  'native_id'
];

export const USUAL_LAYOUT: TableLayout = Object.freeze({
  columns: COLUMN_IDS.filter(id => !NOT_AT_FIRST.includes(id)),
  widths: {},
  sort: 'created',
  descending: true
});

/** How wide a column is. */
export function widthOf(layout: TableLayout, column: ColumnId): number {
  return layout.widths[column] ?? USUAL_WIDTHS[column];
}

/** Make a column wider or narrower, within reason. */
export function withWidth(
  layout: TableLayout,
  column: ColumnId,
  width: number
): TableLayout {
  const fitting = Math.round(
    Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width))
  );
  return { ...layout, widths: { ...layout.widths, [column]: fitting } };
}

/** Show a column in its place, or no longer; the name always stays. */
export function withColumn(
  layout: TableLayout,
  column: ColumnId,
  isShown: boolean
): TableLayout {
  const columns = COLUMN_IDS.filter(
    id =>
      id === 'name' || (id === column ? isShown : layout.columns.includes(id))
  );
  return { ...layout, columns };
}

/** Sort by a column; by the same one again the other way round. */
export function sortedBy(layout: TableLayout, column: ColumnId): TableLayout {
  const sort = SORT_OF[column];
  if (sort === undefined) {
    return layout;
  }
  const isSame = sort === layout.sort;
  // What is newest, and what is most, is looked for first; names begin with A.
  const isText = ['name', 'phase', 'gateway', 'queue'].includes(sort);
  return {
    ...layout,
    sort,
    descending: isSame ? !layout.descending : !isText
  };
}

/** Read a layout that was kept, by whatever version; what means nothing is as usual. */
export function readLayout(kept: unknown): TableLayout {
  const given = (typeof kept === 'object' && kept) || {};
  const { columns, widths, sort, descending } = given as Record<
    string,
    unknown
  >;
  const shown = Array.isArray(columns) ? columns : USUAL_LAYOUT.columns;
  let layout: TableLayout = {
    columns: COLUMN_IDS.filter(id => id === 'name' || shown.includes(id)),
    widths: {},
    sort:
      Object.values(SORT_OF).find(known => known === sort) ?? USUAL_LAYOUT.sort,
    descending:
      typeof descending === 'boolean' ? descending : USUAL_LAYOUT.descending
  };
  for (const id of COLUMN_IDS) {
    const width = (widths as Record<string, unknown> | undefined)?.[id];
    if (typeof width === 'number' && Number.isFinite(width)) {
      layout = withWidth(layout, id, width);
    }
  }
  return Object.freeze(layout);
}
