import { fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import type { Job, TaskCauses, TaskUsage } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { NO_OVERVIEW } from '../../stores/taskOverview';
import { STEP } from '../job/taskShapes';
import { JobTasks } from '../job/JobTasks';
import type { IJobTasksProps } from '../job/JobTasks';
import { violationsOf } from './axe';
import {
  fixLocale,
  makeGateway,
  makeJob,
  makeTasks,
  NOW,
  trans
} from './fixtures';

fixLocale();

const OVERVIEW = {
  ...NO_OVERVIEW,
  runs: [
    { phase: 'COMPLETED', count: 58 },
    { phase: 'ERROR', count: 2 },
    { phase: 'QUEUED', count: 40 }
  ],
  causes: readExample('TaskCauses.some') as TaskCauses,
  usage: readExample('TaskUsage.some') as TaskUsage
} as const;

function makeArray(changes: Partial<Job> = {}): Job {
  const job = makeJob({
    phase: 'ERROR',
    reason: 'tasks_failed',
    memory_bytes: 2 ** 33,
    array: { size: 100, by_phase: { COMPLETED: 58, ERROR: 2, QUEUED: 40 } },
    ...changes
  });
  const array = { kind: 'index', start: 10, stop: 109 } as const;
  return { ...job, spec: { ...job.spec, array } };
}

function setUp(changes: Partial<IJobTasksProps> = {}, job = makeArray()) {
  const tasks = makeTasks();
  const { container } = render(
    <JobTasks
      {...tasks}
      row={job}
      job={job}
      can={makeGateway().capabilities}
      overview={OVERVIEW}
      now={NOW}
      trans={trans}
      {...changes}
    />
  );
  return {
    container,
    job,
    ...tasks,
    user: userEvent.setup()
  };
}

it('the map leads to the log of any task, by keys too', async () => {
  const { user, onOpenLog } = setUp();
  const map = screen.getByRole('listbox', { name: 'All tasks' });
  await user.tab();
  await user.tab();
  expect(map).toHaveFocus();
  await user.keyboard('f');
  expect(
    screen.getByRole('option', { name: 'Task 68: Failed' })
  ).toHaveAttribute('aria-selected', 'true');
  await user.keyboard('{Enter}');
  await user.keyboard('{ArrowRight}{ArrowDown}{End}{Enter}{Home}{Enter}');
  expect(onOpenLog.mock.calls).toEqual([[68], [109], [10]]);
});

it('the mouse is told which task it points at, and a click leads to its log', () => {
  const { container, onOpenLog } = setUp();
  const cells = container.querySelector('.jp-BatchJobs-taskCells') as Element;
  const second = { clientX: STEP + 3, clientY: STEP + 3 };
  fireEvent.mouseMove(cells, second);
  expect(screen.getByTitle('Task 61: Completed')).toBe(cells);
  fireEvent.click(cells, second);
  expect(
    screen.getByRole('option', { name: 'Task 61: Completed', selected: true })
  ).toHaveAttribute('aria-posinset', '52');
  const beside = { clientX: STEP + 3, clientY: 20 * STEP };
  fireEvent.mouseMove(cells, beside);
  fireEvent.click(cells, beside);
  expect(cells).not.toHaveAttribute('title');
  expect(onOpenLog.mock.calls).toEqual([[61]]);
});

it('as many tasks as there can be are a handful of elements, each phase a shape of its own', () => {
  const phases = [
    'COMPLETED',
    'ERROR',
    'EXECUTING',
    'HELD',
    'UNKNOWN'
  ] as const;
  const runs = Array.from({ length: 20_000 }, (_, run) => ({
    phase: phases[run % 1_000 === 0 ? (run / 1_000) % 5 : 0],
    count: 5
  }));
  const { container } = setUp({ overview: { ...NO_OVERVIEW, runs } });
  const map = screen.getByRole('listbox', { name: 'All tasks' });
  expect(map.querySelectorAll('*').length).toBeLessThan(12);
  const paths = Array.from(container.querySelectorAll('path'), path =>
    path.getAttribute('d')?.replace(/^M\d+ \d+/, '')
  );
  expect(new Set(paths).size).toBe(5);
  const all = Array.from(container.querySelectorAll('path'), path =>
    path.getAttribute('d')
  ).join('');
  expect(all.match(/M/g)).toHaveLength(2_000);
});

it('causes are named, and just their tasks are run again with more', async () => {
  const { user, job, onOpenLog, onResubmitTasks } = setUp();
  const table = screen.getByRole('table', { name: 'Why 31 tasks failed' });
  const rows = within(table).getAllByRole('row').slice(1);
  expect(rows[0]).toHaveTextContent('Out of memory at 8 GB');
  expect(rows[0]).toHaveTextContent('slurmstepd: error: oom_kill event');
  expect(rows[1]).toHaveTextContent('ValueError');
  await user.click(
    screen.getByRole('button', { name: 'Resubmit with 12 GB…' })
  );
  expect(onResubmitTasks).toHaveBeenCalledWith(job, [68, 69], {
    field: 'memory',
    text: '12 GB'
  });
  await user.click(
    within(rows[1]).getByRole('button', { name: 'Open log of task 17' })
  );
  expect(onOpenLog).toHaveBeenCalledWith(17);
});

it('nothing is run again while the array goes on', () => {
  setUp({}, makeArray({ phase: 'EXECUTING' }));
  expect(screen.queryByRole('button', { name: /Resubmit/ })).toBeNull();
});

it('what they used stands beside what they asked, and a dash where it is not known', () => {
  setUp({ overview: { ...OVERVIEW, causes: null } });
  expect(
    screen.getByText('Median 5 GB, at most 8 GB, asked 8 GB')
  ).toBeVisible();
  expect(screen.getByText(/Cores in use/)).toHaveTextContent('Cores in use –');
});

it('the same is a table, which asks only once it is looked at', async () => {
  const { user, onShow } = setUp();
  expect(onShow).not.toHaveBeenCalled();
  await user.click(screen.getByRole('radio', { name: 'Table' }));
  expect(screen.getByRole('grid', { name: 'Tasks' })).toBeInTheDocument();
  expect(screen.queryByRole('listbox')).toBeNull();
  expect(onShow).toHaveBeenCalled();
});

it('each quantity that is known is drawn beside what was asked, and is a table too', () => {
  const plot = jest.fn(() => null);
  setUp({ plot, overview: { ...OVERVIEW, causes: null } });
  const { memory_bytes, elapsed_seconds } = OVERVIEW.usage;
  expect(plot.mock.calls.map(([props]: unknown[]) => props)).toEqual([
    expect.objectContaining({ spread: memory_bytes, askedText: 'asked 8 GB' }),
    expect.objectContaining({ spread: elapsed_seconds, askedText: 'asked 1 h' })
  ]);
  const table = screen.getByRole('table', {
    name: 'Memory, peak of each task',
    hidden: true
  });
  expect(table).toHaveTextContent('4 GB108 GB21');
});

it('nothing is said of what is not known', () => {
  const { container } = setUp({ overview: NO_OVERVIEW, job: null });
  expect(container).toHaveTextContent(/^$/);
});

it('has no barrier that axe finds', async () => {
  const { container } = setUp();
  expect(await violationsOf(container)).toEqual([]);
});
