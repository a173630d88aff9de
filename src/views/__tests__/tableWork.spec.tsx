import { fireEvent, screen } from '@testing-library/react';
import * as fc from 'fast-check';
import * as React from 'react';

import type { JobRow } from '../../model/contract';
import { JobsTable } from '../table/JobsTable';
import { slotsOf } from '../table/useInSight';
import { fixLocale, makeRow, trans } from './fixtures';
import { drawTable, giveSizes, makeTable } from './tableHarness';

// What it costs to page through a table, told by what is made: times differ from machine to machine.
fixLocale();
giveSizes();

const some = (count: number): JobRow[] =>
  Array.from({ length: count }, (_, index) =>
    makeRow({ submitted_at: '2026-03-01T12:00:00Z' }, index + 1)
  );
const grid = (): HTMLElement =>
  screen.getByRole('grid', { name: 'Batch jobs' });
const rowsIn = (): HTMLElement[] => [
  ...grid().querySelectorAll<HTMLElement>('[data-job-id]')
];

it('a list that has come again draws no job again that is the same', () => {
  const rows = some(40);
  const { props, rerender } = drawTable(rows, trans);
  const drawn = jest.spyOn(trans, '__');
  const boxes = (): unknown[] =>
    drawn.mock.calls.filter(([text]) => text === 'Select %1');
  rerender(<JobsTable {...props} table={makeTable(40, { version: 2 })} />);
  expect(boxes()).toEqual([]);

  rows[3] = makeRow({ name: 'changed' }, 4);
  rerender(<JobsTable {...props} table={makeTable(40, { version: 3 })} />);
  expect(boxes()).toEqual([['Select %1', 'changed']]);
});

it('makes a few formatters, however many times it writes', () => {
  drawTable(some(40), trans);
  const { DateTimeFormat, NumberFormat } = Intl;
  const made = [DateTimeFormat, NumberFormat].flatMap(
    format => jest.mocked(format).mock.calls
  );
  expect(made.length).toBeLessThanOrEqual(4);
});

it('a job is few elements', () => {
  drawTable(some(1), trans);
  const [row] = rowsIn();
  expect(row.querySelectorAll('*').length).toBeLessThanOrEqual(24);
});

it('jobs that come into sight stand in the elements of those that left it', () => {
  drawTable(some(200), trans);
  scrollTo(29 * 30);
  const before = new Set(rowsIn());
  const names = rowsIn().map(({ textContent }) => textContent);
  scrollTo(29 * 100);
  // One more can be seen where none is wholly in sight at an edge.
  const made = rowsIn().filter(row => !before.has(row));
  expect(made.length).toBeLessThanOrEqual(1);
  expect(rowsIn().map(({ textContent }) => textContent)).not.toEqual(names);
});

it('whoever reads the page hears them in the order of the list', () => {
  drawTable(some(200), trans);
  scrollTo(29 * 33);
  const owned = grid().getAttribute('aria-owns')?.split(' ') ?? [];
  const places = owned.map(id =>
    Number(document.getElementById(id)?.getAttribute('aria-rowindex'))
  );
  expect(places).toHaveLength(rowsIn().length);
  expect(places).toEqual(places.map((_, place) => places[0] + place));
});

it('a cell that is cut says all when the mouse comes to it', () => {
  drawTable([makeRow({ queue: 'a-very-long-queue' })], trans);
  const cell = screen.getByText('a-very-long-queue');
  fireEvent.mouseOver(cell);
  expect(cell.title).toBe('');
  jest.spyOn(cell, 'scrollWidth', 'get').mockReturnValue(2_000);
  fireEvent.mouseOver(cell);
  expect(cell.title).toBe('a-very-long-queue');
});

it('each row in sight has an element of its own, and keeps it while it is in sight', () => {
  const windowAt = (first: number) =>
    Array.from({ length: 26 }, (_, place) => ({
      index: first + place,
      start: 29 * (first + place)
    }));
  const places = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(places, fc.integer({ min: -25, max: 25 }), (first, step) => {
      const one = slotsOf(windowAt(first), 10);
      const other = slotsOf(windowAt(Math.max(0, first + step)), 10);
      expect(new Set(one.map(({ slot }) => slot)).size).toBe(26);
      const kept = new Map(one.map(({ index, slot }) => [index, slot]));
      for (const { index, slot } of other) {
        expect(kept.get(index) ?? slot).toBe(slot);
      }
    })
  );
});

function scrollTo(top: number): void {
  grid().scrollTop = top;
  fireEvent.scroll(grid());
}
