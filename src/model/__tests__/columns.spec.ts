import * as fc from 'fast-check';

import {
  COLUMN_IDS,
  readLayout,
  sortedBy,
  USUAL_LAYOUT,
  widthOf,
  withColumn,
  withWidth
} from '../columns';

it('any layout that was kept is read, and means something', () => {
  fc.assert(
    fc.property(fc.anything(), kept => {
      const layout = readLayout(kept);
      expect(layout.columns).toContain('name');
      expect(readLayout(JSON.parse(JSON.stringify(layout)))).toEqual(layout);
    })
  );
  expect(readLayout(null)).toEqual(USUAL_LAYOUT);
});

it('a column comes back to its place', () => {
  const without = withColumn(USUAL_LAYOUT, 'queue', false);
  expect(without.columns).not.toContain('queue');
  expect(withColumn(without, 'queue', true)).toEqual(USUAL_LAYOUT);
  expect(withColumn(USUAL_LAYOUT, 'name', false).columns).toContain('name');
});

it('no column is too narrow to be seen or too wide to be passed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...COLUMN_IDS),
      fc.double({ noNaN: true }),
      (column, width) => {
        const layout = withWidth(USUAL_LAYOUT, column, width);
        expect(widthOf(layout, column)).toBeGreaterThanOrEqual(48);
        expect(widthOf(layout, column)).toBeLessThanOrEqual(1_000);
      }
    )
  );
});

it('sorts by a column, then the other way round, and not by what cannot be sorted', () => {
  const byName = sortedBy(USUAL_LAYOUT, 'name');
  expect(byName).toMatchObject({ sort: 'name', descending: false });
  expect(sortedBy(byName, 'name')).toMatchObject({ descending: true });
  expect(sortedBy(byName, 'memory')).toMatchObject({
    sort: 'memory',
    descending: true
  });
  expect(sortedBy(byName, 'why')).toBe(byName);
});
