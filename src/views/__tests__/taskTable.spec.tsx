import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import type { ArrayTask, Job, TaskList } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { ALL_TASKS } from '../../model/taskColumns';
import { TaskTable } from '../job/TaskTable';
import type { ITaskTableProps } from '../job/TaskTable';
import { violationsOf } from './axe';
import {
  fixLocale,
  makeGateway,
  makeJob,
  makeSelection,
  makeTasks,
  NOW,
  trans,
  UNMEASURED
} from './fixtures';
import { giveSizes } from './tableHarness';

fixLocale();
giveSizes();

const [TASK] = (readExample('TaskList.failed') as TaskList).tasks;

const NOTHING_KNOWN: ArrayTask = {
  ...TASK,
  phase: 'QUEUED',
  reason: null,
  reason_text: null,
  started_at: null,
  ended_at: null,
  exit_code: null,
  usage: UNMEASURED,
  parameters: {}
};

function setUp(
  tasks: readonly (ArrayTask | undefined)[],
  changes: Partial<ITaskTableProps> = {}
) {
  const job = makeJob({
    phase: 'EXECUTING',
    array: { size: 1_000, by_phase: { ERROR: 1, QUEUED: 999 } }
  });
  const row: Job = {
    ...job,
    spec: {
      ...job.spec,
      array: {
        kind: 'parameters',
        mode: 'zip',
        parameters: { seed: { values: [1, 2, 3] } }
      }
    }
  };
  const asked = makeTasks({ total: tasks.length });
  const props: ITaskTableProps = {
    ...asked,
    row,
    job: row,
    taskAt: place => tasks[place],
    now: NOW,
    can: makeGateway().capabilities,
    trans,
    ...changes
  };
  const view = render(<TaskTable {...props} />);
  return { ...asked, ...view, props, user: userEvent.setup() };
}

const indexed = (count: number): ArrayTask[] =>
  Array.from({ length: count }, (_, index) => ({ ...TASK, index }));

it('each task says what it is, how it is, why, and what it used', () => {
  setUp([TASK]);
  const row = screen.getByRole('row', { name: /^Select task 7 / });
  expect(row).toHaveTextContent(/7Failedseed=3, band="r"2.*1 min700 MB/);
  expect(row).toHaveTextContent('It ended with exit code 2.');
});

it('what is not known is a dash, and a task on its way is no hole', () => {
  setUp([NOTHING_KNOWN, undefined]);
  const [, known, unknown] = screen.getAllByRole('row');
  const cells = within(known).getAllByRole('gridcell');
  expect(cells.map(cell => cell.textContent)).toEqual([
    '',
    '7',
    'Queued',
    '–',
    '–',
    '–',
    '–',
    '–',
    ''
  ]);
  expect(unknown).toHaveAttribute('aria-busy', 'true');
});

it('however many there are, only what is in sight is in the page', () => {
  const { onShow } = setUp(indexed(100_000));
  const grid = screen.getByRole('grid', { name: 'Tasks' });
  expect(grid).toHaveAttribute('aria-rowcount', '100001');
  expect(screen.getAllByRole('row').length).toBeLessThan(40);
  expect(onShow).toHaveBeenCalled();
});

it('keys lead to a task, its log, and the headings that sort', async () => {
  const { user, onChoose, onOpenLog } = setUp(indexed(9));
  await user.tab();
  while (!document.activeElement?.matches('[role="grid"]')) {
    await user.tab();
  }
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}{Enter}');
  await user.keyboard('{End}{Enter}{Home}{Enter}');
  expect(onOpenLog.mock.calls).toEqual([[1], [8], [0]]);
  await user.keyboard('{ArrowUp}{Enter}');
  expect(onChoose).toHaveBeenLastCalledWith({ ...ALL_TASKS, descending: true });
  await user.keyboard('{ArrowRight} ');
  expect(onChoose).toHaveBeenLastCalledWith({ ...ALL_TASKS, sort: 'phase' });
});

it('the mouse opens, sorts and chooses phases too', async () => {
  const { user, onChoose, onOpenLog } = setUp(indexed(3), { opened: 1 });
  expect(screen.getByRole('row', { name: /^Select task 1 / })).toHaveAttribute(
    'aria-current',
    'true'
  );
  await user.click(screen.getByTitle('Open log of task 2'));
  await user.dblClick(screen.getByRole('row', { name: /^Select task 0 / }));
  expect(onOpenLog.mock.calls).toEqual([[2], [0]]);
  await user.click(screen.getByRole('columnheader', { name: 'Memory' }));
  expect(onChoose).toHaveBeenLastCalledWith({
    ...ALL_TASKS,
    sort: 'memory',
    descending: true
  });
  await user.click(screen.getByRole('columnheader', { name: 'Why' }));
  expect(onChoose).toHaveBeenCalledTimes(1);
  await user.click(screen.getByRole('button', { name: 'Failed 1' }));
  expect(onChoose).toHaveBeenLastCalledWith({
    ...ALL_TASKS,
    phases: ['ERROR']
  });
});

describe('selecting', () => {
  async function setUpFocused(changes: Partial<ITaskTableProps> = {}) {
    const asked = setUp(indexed(9), changes);
    const grid = screen.getByRole('grid', { name: 'Tasks' });
    grid.focus();
    return { ...asked, grid };
  }

  it('by keyboard: one, a range, all, and none', async () => {
    const { user, selecting, grid } = await setUpFocused();
    expect(grid).toHaveAttribute('aria-multiselectable', 'true');
    await user.keyboard('{ArrowDown} ');
    expect(selecting.onToggle.mock.calls).toEqual([[indexed(9)[1]]]);
    await user.keyboard('{Shift>}{ArrowDown}{End}{/Shift}');
    expect(selecting.onExtend.mock.calls).toEqual([
      [indexed(9)[1], 2],
      [indexed(9)[2], 8]
    ]);
    await user.keyboard('{Control>}a{/Control}{Escape}');
    expect(selecting.onSelectAll).toHaveBeenCalledTimes(1);
    expect(selecting.onClear).toHaveBeenCalledTimes(1);
  });

  it('by pointer: a box, a click with Ctrl, as far as a click with Shift', async () => {
    const { user, selecting } = await setUpFocused();
    await user.click(screen.getByRole('checkbox', { name: 'Select task 4' }));
    await user.keyboard('{Control>}');
    await user.click(screen.getByRole('row', { name: /^Select task 6 / }));
    await user.keyboard('{/Control}{Shift>}');
    await user.click(screen.getByRole('row', { name: /^Select task 8 / }));
    await user.keyboard('{/Shift}');
    const indices = selecting.onToggle.mock.calls.map(([{ index }]) => index);
    expect(indices).toEqual([4, 6]);
    expect(selecting.onExtend.mock.calls).toEqual([[null, 8]]);
  });

  it('offers what fits the selected tasks, and how many it fits', async () => {
    const selected = [
      { ...TASK, index: 1, phase: 'EXECUTING' },
      { ...TASK, index: 2, phase: 'QUEUED' },
      { ...TASK, index: 3, phase: 'COMPLETED' }
    ] as const;
    const { user, selecting } = await setUpFocused({
      selected,
      selection: makeSelection(['1', '2', '3'])
    });
    const bar = within(screen.getByRole('group', { name: 'Selected tasks' }));
    const names = bar.getAllByRole('button').map(one => one.textContent);
    expect(names.filter(Boolean)).toEqual([
      'Cancel 2',
      'Hold 1',
      'Suspend 1',
      'Run 1 again from the start'
    ]);
    expect(screen.getAllByRole('row', { selected: true })).toHaveLength(3);
    await user.click(bar.getByRole('button', { name: 'Hold 1' }));
    expect(selecting.run.mock.calls).toEqual([['hold', [selected[1]]]]);
  });

  it('a gateway that orders nothing of single tasks is only asked to end them', async () => {
    await setUpFocused({
      can: { ...makeGateway().capabilities, task_orders: false },
      selected: [{ ...TASK, phase: 'QUEUED' }],
      selection: makeSelection([String(TASK.index)])
    });
    const bar = within(screen.getByRole('group', { name: 'Selected tasks' }));
    expect(bar.getByRole('button', { name: 'Cancel 1' })).toBeVisible();
    expect(bar.queryByRole('button', { name: 'Hold 1' })).toBeNull();
  });

  it('leaves the focus in the grid when its bar goes', async () => {
    const { props, rerender, user } = await setUpFocused({
      selected: [TASK],
      selection: makeSelection([String(TASK.index)])
    });
    await user.tab();
    expect(
      screen.getByRole('button', { name: 'Clear selection' })
    ).toHaveFocus();
    rerender(
      <TaskTable {...props} selected={[]} selection={makeSelection()} />
    );
    expect(screen.getByRole('grid')).toHaveFocus();
  });

  it('says what came of it at each task', async () => {
    await setUpFocused({
      selection: makeSelection([], {
        result: {
          action: 'requeue',
          items: [
            { id: '1', name: 'Task 1', outcome: 'ok', message: null },
            { id: '2', name: 'Task 2', outcome: 'denied', message: 'It waits.' }
          ]
        }
      })
    });
    expect(
      screen.getByText('1 put into the queue again, 1 was refused.')
    ).toBeVisible();
    expect(screen.getByText('Task 2: It waits.')).toBeInTheDocument();
  });
});

it('where no task is in a phase, all are one click away', async () => {
  const choice = { ...ALL_TASKS, phases: ['ABORTED'] } as const;
  const { user, onChoose } = setUp([], {
    table: makeTasks({ choice, total: 0 }).table
  });
  await user.click(screen.getByRole('button', { name: 'Show all tasks' }));
  expect(onChoose).toHaveBeenCalledWith(ALL_TASKS);
});

it('a failure is said, and what is known stays', async () => {
  const { table } = makeTasks({ total: 1, error: new Error('x') });
  const { user, onRetry } = setUp([TASK], { table });
  expect(
    screen.getByRole('row', { name: /^Select task 7 / })
  ).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Retry' }));
  expect(onRetry).toHaveBeenCalled();
});

it('tells when nobody looks any more', () => {
  const { onHide, unmount } = setUp([TASK]);
  expect(onHide).not.toHaveBeenCalled();
  unmount();
  expect(onHide).toHaveBeenCalledTimes(1);
});

it('has no barrier that axe finds', async () => {
  const { container } = setUp(indexed(3));
  expect(await violationsOf(container)).toEqual([]);
});
