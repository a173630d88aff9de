import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import { USUAL_LAYOUT, widthOf, withColumn } from '../../model/columns';
import type { JobRow } from '../../model/contract';
import { JobsTable } from '../table/JobsTable';
import { fixLocale, makeRow, makeSelection, trans } from './fixtures';
import { violationsOf } from './axe';
import { drawTable, giveSizes, makeTable } from './tableHarness';

fixLocale();
giveSizes();

const some = (count: number): JobRow[] =>
  Array.from({ length: count }, (_, index) => makeRow({}, index + 1));
const grid = (): HTMLElement =>
  screen.getByRole('grid', { name: 'Batch jobs' });
/** The row at which the focus stands. */
const current = (): string | null =>
  document
    .getElementById(grid().getAttribute('aria-activedescendant') ?? '')
    ?.querySelector('.jp-BatchJobs-tableName')?.textContent ?? null;

describe('the grid', () => {
  it('draws what is in sight only, and says how much there is', () => {
    const rows = some(50);
    const { container } = drawTable(rows, trans, {
      table: makeTable(100_000),
      rows: { row: index => rows[index], indexOf: () => null }
    });
    expect(grid()).toHaveAttribute('aria-rowcount', '100001');
    expect(container.querySelectorAll('[role="row"]').length).toBeLessThan(30);
    expect(screen.getByText('100,000 jobs')).toBeVisible();
  });

  it('shows a dash and draws no advice where nothing is known', () => {
    const row = makeRow({
      native_id: null,
      reason: null,
      reason_text: null,
      submitted_at: null,
      started_at: null,
      ended_at: null,
      queue: null,
      memory_peak_bytes: null,
      array: null,
      progress: null
    });
    drawTable([row], trans);
    const cells = within(screen.getAllByRole('row')[1]).getAllByRole(
      'gridcell'
    );
    const texts = cells.map(({ textContent }) => textContent);
    expect(texts.filter(text => text === '–')).toHaveLength(4);
    expect(screen.queryByRole('img')).toBeNull();
  });

  it('an unknown row waits in its place', () => {
    drawTable([undefined, makeRow({}, 2)], trans);
    const [, first, second] = screen.getAllByRole('row');
    expect(first).toHaveAttribute('aria-busy', 'true');
    expect(second).toHaveTextContent('job 2');
  });

  it('text is text', () => {
    const name = '<img src=x onerror=alert(1)> \u202e$(id)';
    drawTable([makeRow({ name })], trans);
    expect(screen.getByTitle(name)).toHaveTextContent('$(id)');
    expect(document.querySelector('img')).toBeNull();
  });
});

describe('by keyboard', () => {
  it('is one tab stop, and arrows, pages and ends move in it', async () => {
    drawTable(some(40), trans);
    grid().focus();
    expect(current()).toBe('job 1');
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    expect(current()).toBe('job 3');
    await userEvent.keyboard('{ArrowUp}');
    expect(current()).toBe('job 2');
    expect(grid()).toHaveFocus();
    expect(grid().querySelectorAll('[tabindex="0"]')).toHaveLength(0);
  });

  it('acts on the job where it stands, as it is now', async () => {
    const rows = [
      makeRow({}, 1),
      makeRow({ phase: 'COMPLETED' }, 2),
      makeRow({ phase: 'EXECUTING', substate: 'cancelling' }, 3)
    ];
    const { props } = drawTable(rows, trans);
    grid().focus();
    await userEvent.keyboard('{Enter} {Delete}');
    await userEvent.keyboard('{ArrowDown}{Delete}');
    await userEvent.keyboard('{ArrowDown}{Delete}');
    expect(props.actions.open.mock.calls).toEqual([[rows[0]]]);
    expect(props.grid.onToggle.mock.calls).toEqual([[rows[0]]]);
    expect(props.actions.cancel.mock.calls).toEqual([[rows[0]]]);
    expect(props.actions.forget.mock.calls).toEqual([[rows[1]]]);
  });

  it('selects ranges and all, and no longer', async () => {
    const rows = some(5);
    const { props } = drawTable(rows, trans);
    grid().focus();
    await userEvent.keyboard('{Shift>}{ArrowDown}{/Shift}');
    await userEvent.keyboard('{Control>}a{/Control}{Escape}');
    expect(props.grid.onExtend.mock.calls).toEqual([[rows[0], 1]]);
    expect(props.grid.onSelectAll).toHaveBeenCalledTimes(1);
    expect(props.grid.onClear).toHaveBeenCalledTimes(1);
  });

  it('finds a job by the beginning of its name', async () => {
    const names = ['alpha', 'beta', 'bravo', 'gamma'];
    drawTable(
      names.map((name, index) => makeRow({ name }, index + 1)),
      trans
    );
    grid().focus();
    await userEvent.keyboard('br');
    expect(current()).toBe('bravo');
  });

  it('opens the menu of the job where it stands', async () => {
    const heard: (string | undefined)[] = [];
    const hear = ({ target }: Event): void => {
      heard.push((target as HTMLElement).dataset.jobId);
    };
    document.addEventListener('contextmenu', hear);
    const rows = some(3);
    drawTable(rows, trans);
    grid().focus();
    await userEvent.keyboard('{ArrowDown}{Shift>}{F10}{/Shift}');
    document.removeEventListener('contextmenu', hear);
    expect(heard).toEqual([rows[1].id]);
  });

  it('goes up to the headings, sorts there and makes columns wider', async () => {
    const { props } = drawTable(some(3), trans);
    grid().focus();
    await userEvent.keyboard('{ArrowUp}{ArrowRight}{Enter}');
    expect(props.grid.onLayout.mock.lastCall?.[0]).toMatchObject({
      sort: 'name',
      descending: false
    });
    await userEvent.keyboard('{Shift>}{ArrowRight}{/Shift}');
    expect(props.grid.onLayout.mock.lastCall?.[0].widths).toEqual({
      name: widthOf(USUAL_LAYOUT, 'name') + 16
    });
    await userEvent.keyboard('{ArrowDown}');
    expect(current()).toBe('job 1');
  });

  it('stays on its job while that moves', async () => {
    const rows = some(6);
    const { props, rerender } = drawTable(rows, trans);
    grid().focus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    const moved = [...rows.slice(3), ...rows.slice(0, 3)];
    rerender(
      <JobsTable
        {...props}
        rows={{
          row: index => moved[index],
          indexOf: id => moved.findIndex(row => row.id === id)
        }}
      />
    );
    expect(current()).toBe('job 3');
    expect(grid()).toHaveFocus();
  });
});

describe('with the mouse', () => {
  it('selects as any list of JupyterLab, and opens', async () => {
    const rows = some(4);
    const { props } = drawTable(rows, trans);
    const user = userEvent.setup();
    await user.click(screen.getByRole('checkbox', { name: 'Select job 2' }));
    await user.keyboard('{Shift>}');
    await user.click(screen.getAllByText('30 min')[3]);
    await user.keyboard('{/Shift}');
    await user.click(screen.getByText('job 1'));
    expect(props.grid.onToggle.mock.calls).toEqual([[rows[1]]]);
    expect(props.grid.onExtend.mock.calls).toEqual([[null, 3]]);
    expect(props.actions.open.mock.calls).toEqual([[rows[0]]]);
  });

  it('shows other columns', async () => {
    const { props } = drawTable(some(1), trans);
    await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
    await userEvent.click(screen.getByRole('checkbox', { name: 'Queue' }));
    expect(props.grid.onLayout.mock.lastCall).toEqual([
      withColumn(USUAL_LAYOUT, 'queue', false)
    ]);
    await userEvent.keyboard('{Escape}');
    expect(screen.getByRole('button', { name: 'Columns' })).toHaveFocus();
  });
});

describe('the counts by phase', () => {
  const phases = { EXECUTING: 3, QUEUED: 2, ERROR: 118, HELD: 1 };

  it('add up and choose', async () => {
    const { props } = drawTable(some(1), trans, {
      table: makeTable(1, { phases }),
      phases: ['ERROR']
    });
    const chips = within(
      screen.getByRole('group', { name: 'Phases shown' })
    ).getAllByRole('button');
    expect(chips.map(({ textContent }) => textContent)).toEqual([
      'All 124',
      'Running 3',
      'Queued 2',
      'Held 1',
      'Failed 118',
      'Completed 0',
      'Cancelled 0'
    ]);
    await userEvent.click(chips[1]);
    await userEvent.click(chips[4]);
    await userEvent.click(chips[0]);
    expect(props.onPhases.mock.calls).toEqual([
      [['ERROR', 'EXECUTING']],
      [[]],
      [[]]
    ]);
  });

  it('say no number before one is known, and nothing can be exported', async () => {
    const { props } = drawTable([], trans, {
      table: makeTable(null, { phases: null })
    });
    const exporting = screen.getByRole('button', { name: 'Export as CSV' });
    expect(exporting).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(exporting);
    expect(props.onExport).not.toHaveBeenCalled();
    const [all, running] = within(
      screen.getByRole('group', { name: 'Phases shown' })
    ).getAllByRole('button');
    expect(all).toHaveTextContent(/^All$/);
    expect(running).toHaveTextContent(/^Running$/);
  });
});

it('what can be done to the selected jobs stands where the count stood', () => {
  const rows = some(3);
  drawTable(rows, trans, {
    selection: makeSelection([rows[0].id, rows[1].id]),
    selectedRows: rows.slice(0, 2)
  });
  const bar = screen.getByRole('group', { name: 'Selected jobs' });
  expect(within(bar).getByRole('button', { name: 'Cancel 2' })).toBeVisible();
  expect(screen.queryByText('3 jobs')).toBeNull();
});

it('the focus goes back to the grid when the bar of the selection goes', () => {
  const rows = some(3);
  const { props, rerender } = drawTable(rows, trans, {
    selection: makeSelection([rows[0].id]),
    selectedRows: [rows[0]]
  });
  screen.getByRole('button', { name: 'Clear selection' }).focus();
  rerender(
    <JobsTable {...props} selection={makeSelection()} selectedRows={[]} />
  );
  expect(screen.getByRole('grid')).toHaveFocus();
});

it.each([
  ['with jobs', {}],
  ['that loads', { table: makeTable(3, { isLoading: true }) }],
  ['in which nothing fits', { table: makeTable(0), isFiltered: true }],
  ['with nothing in it', { table: makeTable(0) }],
  ['with a problem', { error: new Error('No.') }],
  [
    'with a selection',
    { selection: makeSelection(['x']), selectedRows: some(1) }
  ]
])('a table %s has no barrier that axe finds', async (_, changes) => {
  const { container } = drawTable(some(3), trans, changes);
  expect(await violationsOf(container)).toEqual([]);
});

it('exports, and says that it does', async () => {
  const { props, rerender } = drawTable(some(2), trans);
  await userEvent.click(screen.getByRole('button', { name: 'Export as CSV' }));
  expect(props.onExport).toHaveBeenCalledTimes(1);
  rerender(<JobsTable {...props} isExporting={true} />);
  await userEvent.click(screen.getByRole('button', { name: 'Exporting…' }));
  expect(props.onExport).toHaveBeenCalledTimes(1);
});
