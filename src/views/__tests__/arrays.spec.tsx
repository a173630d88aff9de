import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import type { JobRow, TaskCounts } from '../../model/contract';
import { headline } from '../job/JobHead';
import { TaskChooser } from '../log/TaskChooser';
import { questionText } from '../text/actionText';
import { bulkQuestion } from '../text/bulkText';
import { fixLocale, makeRow, NOW, trans } from './fixtures';
import { setUpList } from './listHarness';

fixLocale();

const RUNNING: TaskCounts = {
  size: 1000,
  by_phase: { COMPLETED: 580, ERROR: 32, EXECUTING: 90, QUEUED: 298 }
};
const ENDED: TaskCounts = {
  size: 1000,
  by_phase: { COMPLETED: 997, ERROR: 3 }
};

function arrayRow(array: TaskCounts, changes: Partial<JobRow> = {}): JobRow {
  return makeRow({
    array,
    name: 'lens-mcmc',
    progress: null,
    queue: null,
    ...changes
  });
}

describe('the row of an array', () => {
  it('says how far it is and where its tasks are', () => {
    setUpList([arrayRow(RUNNING)]);
    const row = screen.getByRole('row', { name: /^lens-mcmc/ });
    expect(row).toHaveAccessibleName(
      'lens-mcmc, Running, 612 of 1,000 done, 32 failed · 90 running · 298 waiting · 30 min'
    );
    expect(within(row).getByText('612 of 1,000')).toBeVisible();
  });

  it('draws them to scale, in the order of what is done', () => {
    setUpList([arrayRow(RUNNING)]);
    const row = screen.getByRole('row', { name: /^lens-mcmc/ });
    const parts = row.querySelectorAll<HTMLElement>(
      '.jp-BatchJobs-tasksBar > div'
    );
    expect(
      Array.from(parts, part => [part.className, part.style.flexGrow])
    ).toEqual([
      ['jp-mod-completed', '580'],
      ['jp-mod-failed', '32'],
      ['jp-mod-running', '90'],
      ['jp-mod-waiting', '298']
    ]);
  });

  it.each<[Partial<JobRow>, TaskCounts, RegExp]>([
    [
      { phase: 'QUEUED', reason: null, reason_text: null },
      { size: 20, by_phase: {} },
      /Waiting for 30 min · 20 tasks/
    ],
    [
      { phase: 'QUEUED', reason: 'resources', reason_text: 'No free core.' },
      { size: 20, by_phase: {} },
      /No free core · 20 tasks/
    ],
    [{ phase: 'COMPLETED' }, { ...ENDED, by_phase: {} }, /1,000 tasks/],
    [
      { phase: 'ERROR', reason: 'tasks_failed', reason_text: null },
      ENDED,
      /Some of its tasks failed/
    ],
    [{ phase: 'ABORTED' }, RUNNING, /580 of 1,000 completed/]
  ])('says when it is not running (%#)', (changes, array, words) => {
    setUpList([arrayRow(array, { seen: false, ...changes })]);
    expect(screen.getByRole('row', { name: words })).toBeVisible();
  });

  it('has no bar before its first task and after its last', () => {
    setUpList([
      makeRow({ array: { size: 9, by_phase: { QUEUED: 9 } } }, 1),
      makeRow({ array: ENDED, phase: 'COMPLETED' }, 2)
    ]);
    expect(document.querySelector('.jp-BatchJobs-tasksBar')).toBeNull();
  });
});

it('the time of an array is not measured by the limit of each task', () => {
  const row = arrayRow(RUNNING, { walltime_seconds: 60 });
  expect(headline(row, NOW, trans)).toBe('Running · 30 min');
});

it('before an array is cancelled it is said how many tasks that ends', () => {
  const { body } = questionText('cancel', arrayRow(RUNNING), trans);
  expect(body).toBe(
    'This ends 388 tasks that have not ended (90 running, 298 waiting). 612 tasks are over and stay as they are. What has been written so far stays in the run directory.'
  );
});

it('nor are several without the number of their tasks', () => {
  const rows = [arrayRow(RUNNING), makeRow({ name: 'other' })];
  expect(bulkQuestion('cancel', rows, trans)?.body).toBe(
    'lens-mcmc, other. 388 tasks end. What has been written so far stays in the run directories.'
  );
  expect(bulkQuestion('cancel', rows.slice(1), trans)?.body).toMatch(
    /^other\. What/
  );
});

describe('the task whose log is shown', () => {
  function setUp() {
    const onTask = jest.fn();
    render(<TaskChooser task={3} onTask={onTask} trans={trans} />);
    const input = screen.getByRole('textbox', { name: 'Task' });
    return { onTask, input, user: userEvent.setup() };
  }

  it('is typed, and taken once', async () => {
    const { onTask, input, user } = setUp();
    await user.clear(input);
    await user.type(input, '17');
    expect(onTask).not.toHaveBeenCalled();
    await user.keyboard('{Enter}');
    expect(onTask).toHaveBeenCalledWith(17);
  });

  it('is not taken where it is no index', async () => {
    const { onTask, input, user } = setUp();
    await user.type(input, 'x{Enter}');
    expect(input).toBeInvalid();
    expect(onTask).not.toHaveBeenCalled();
  });
});
