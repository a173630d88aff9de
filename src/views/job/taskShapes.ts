import type { Phase } from '../../model/contract';
import type { ITaskCell } from '../../model/taskMap';

/** So many cells stand in a row. */
export const COLUMNS = 50;

/** From one cell to the next, in pixels; they touch nowhere. */
export const STEP = 14;

/** How wide and high a cell is, in pixels. */
export const SIZE = 12;

/** The phases that have a shape of their own: they can be told in greys too. */
type Shape =
  'done' | 'failed' | 'running' | 'gone' | 'held' | 'unknown' | 'waiting';

/** All cells of one shape as the path of an svg. */
export interface ITaskShape {
  readonly shape: Shape;
  readonly path: string;
}

/** Each drawn from the upper left corner of its cell, and back to where it began. */
const OUTLINES: Readonly<Record<Shape, string>> = {
  done: 'm.5 .5h11v11h-11z',
  failed: 'm6 0l6 6l-6 6l-6 -6z',
  running: 'm1.5 6a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z',
  gone: 'm.5 .5h11v11h-11z',
  held: 'm0 0h3v12h-3zm9 0h3v12h-3z',
  unknown: 'm1 1h10v10h-10z',
  waiting: 'm.5 .5h11v11h-11z'
};

/** Draw all cells, those of one shape together. */
export function shapesOf(cells: readonly ITaskCell[]): readonly ITaskShape[] {
  const parts = new Map<Shape, string[]>();
  cells.forEach(({ phase }, place) => {
    const shape = shapeOf(phase);
    const { x, y } = cornerOf(place);
    const outlines = parts.get(shape) ?? [];
    outlines.push(`M${x} ${y}${OUTLINES[shape]}`);
    parts.set(shape, outlines);
  });
  return Array.from(parts, ([shape, outlines]) => ({
    shape,
    path: outlines.join('')
  }));
}

/** The upper left corner of a cell, in pixels. */
export function cornerOf(place: number): { x: number; y: number } {
  return {
    x: (place % COLUMNS) * STEP,
    y: Math.floor(place / COLUMNS) * STEP
  };
}

/** How wide and high all cells are together, in pixels. */
export function extentOf(count: number): { width: number; height: number } {
  const rows = Math.ceil(count / COLUMNS);
  return { width: COLUMNS * STEP, height: rows * STEP };
}

/** The cell at a point; null if there is none. */
export function placeAt(x: number, y: number, count: number): number | null {
  const [column, row] = [Math.floor(x / STEP), Math.floor(y / STEP)];
  const place = row * COLUMNS + column;
  const isInside = column >= 0 && column < COLUMNS && row >= 0;
  return isInside && place < count ? place : null;
}

function shapeOf(phase: Phase): Shape {
  switch (phase) {
    case 'COMPLETED':
      return 'done';
    case 'ERROR':
      return 'failed';
    case 'EXECUTING':
      return 'running';
    case 'ABORTED':
    case 'ARCHIVED':
      return 'gone';
    case 'HELD':
    case 'SUSPENDED':
      return 'held';
    case 'UNKNOWN':
      return 'unknown';
    case 'PENDING':
    case 'QUEUED':
      return 'waiting';
  }
}
