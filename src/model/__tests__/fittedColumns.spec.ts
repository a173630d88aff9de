import * as fc from 'fast-check';

import { USUAL_LAYOUT, widthOf, withColumn, withWidth } from '../columns';
import type { ColumnId } from '../columns';
import { fitted, unfitted } from '../fittedColumns';

const total = (room: number, layout = USUAL_LAYOUT): number => {
  const { layout: fit } = fitted(layout, room);
  return fit.columns.reduce((sum, id) => sum + widthOf(fit, id), 0);
};

// The main area, less the boxes: beside the panel in windows of 1440 and 1024 pixels, and at 200 %.
it.each<[number, readonly ColumnId[]]>([
  [1060, []],
  [644, ['gateway', 'queue', 'limit', 'cores', 'memory', 'tasks']],
  [512, ['gateway', 'queue', 'limit', 'cores', 'memory', 'tasks']]
])('in %i pixels nothing is cut that a person needs first', (room, gone) => {
  const { layout, leftOut } = fitted(USUAL_LAYOUT, room);
  expect(leftOut).toEqual(gone);
  expect(layout.columns).toEqual(
    expect.arrayContaining(['phase', 'name', 'submitted', 'elapsed', 'why'])
  );
  expect(total(room)).toBeLessThanOrEqual(room);
});

it('is as usual while it is not known how much room there is', () => {
  const { layout, leftOut } = fitted(USUAL_LAYOUT, 0);
  expect(leftOut).toEqual([]);
  for (const id of layout.columns) {
    expect(widthOf(layout, id)).toBe(widthOf(USUAL_LAYOUT, id));
  }
});

it('long names and large arrays get more of much room, and no column gets less', () => {
  const { layout } = fitted(USUAL_LAYOUT, 3_000);
  expect(widthOf(layout, 'name')).toBeGreaterThan(240);
  for (const id of layout.columns) {
    expect(widthOf(layout, id)).toBeGreaterThanOrEqual(
      widthOf(USUAL_LAYOUT, id)
    );
  }
});

it('never shows less where there is more room', () => {
  const rooms = fc.integer({ min: 600, max: 1_600 });
  fc.assert(
    fc.property(rooms, fc.integer({ min: 0, max: 300 }), (room, more) => {
      const narrow = fitted(USUAL_LAYOUT, room).layout.columns;
      const wide = fitted(USUAL_LAYOUT, room + more).layout.columns;
      expect(wide).toEqual(expect.arrayContaining([...narrow]));
      expect(total(room)).toBeLessThanOrEqual(room);
    })
  );
});

it('leaves to a person the columns and widths that are their own', () => {
  const own = withWidth(withColumn(USUAL_LAYOUT, 'tags', true), 'name', 321);
  for (const room of [644, 3_000]) {
    const { layout, leftOut } = fitted(own, room);
    expect(leftOut).toEqual([]);
    expect(widthOf(layout, 'name')).toBe(321);
  }
});

it('of a change it keeps what was changed, so that the rest fits any room', () => {
  const { layout } = fitted(USUAL_LAYOUT, 644);
  const sorted = { ...withWidth(layout, 'name', 300), descending: false };
  expect(unfitted(USUAL_LAYOUT, layout, sorted)).toEqual({
    ...USUAL_LAYOUT,
    descending: false,
    widths: { name: 300 }
  });
});
