import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import type { ArrayTask, Job, TaskList } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { ALL_TASKS } from '../../model/taskColumns';
import { TaskTable } from '../job/TaskTable';
import type { ITaskTableProps } from '../job/TaskTable';
import { violationsOf } from './axe';
import { fixLocale, makeJob, makeTasks, NOW, trans } from './fixtures';
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
  usage: { elapsed_seconds: null, cpu_seconds: null, memory_peak_bytes: null },
  parameters: {}
};

function setUp(
  tasks: readonly (ArrayTask | undefined)[],
  changes: Partial<ITaskTableProps> = {}
) {
  const job = makeJob({
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
  const view = render(
    <TaskTable
      {...asked}
      row={row}
      job={row}
      taskAt={place => tasks[place]}
      now={NOW}
      trans={trans}
      {...changes}
    />
  );
  return { ...asked, ...view, user: userEvent.setup() };
}

const indexed = (count: number): ArrayTask[] =>
  Array.from({ length: count }, (_, index) => ({ ...TASK, index }));

it('each task says what it is, how it is, why, and what it used', () => {
  setUp([TASK]);
  const row = screen.getByRole('row', { name: /^7/ });
  expect(row).toHaveTextContent(/7Failedseed=3, band="r"2.*1 min700 MB/);
  expect(row).toHaveTextContent('It ended with exit code 2.');
});

it('what is not known is a dash, and a task on its way is no hole', () => {
  setUp([NOTHING_KNOWN, undefined]);
  const [, known, unknown] = screen.getAllByRole('row');
  const cells = within(known).getAllByRole('gridcell');
  expect(cells.map(cell => cell.textContent)).toEqual([
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
  expect(screen.getByRole('row', { name: /^1/ })).toHaveAttribute(
    'aria-selected',
    'true'
  );
  await user.click(screen.getByTitle('Open log of task 2'));
  await user.dblClick(screen.getByRole('row', { name: /^0/ }));
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
  expect(screen.getByRole('row', { name: /^7/ })).toBeInTheDocument();
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
