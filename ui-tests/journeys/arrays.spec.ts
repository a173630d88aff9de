import { expect, type Page, test } from '@playwright/test';

import { expectAccessible } from '../pages/accessible';
import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';

/** Task 7 fails, task 9 stays until it is cancelled. */
const SCRIPT =
  'echo task {index} speaks; test {index} != 7 || exit 3; test {index} != 9 || sleep 300';

/** Tasks 1 and 2 want more memory than they may have, task 3 fails by itself. */
const HUNGRY = `case $BATCH_TASK_INDEX in
  1|2) exec python3 -c 'import time; x = bytearray(300 << 20); time.sleep(300)';;
  3) echo 'ValueError: no such chain' >&2; exit 3;;
esac`;

/** Task 1 takes longer than it may. */
const SLOW = 'test $BATCH_TASK_INDEX = 0 || exec sleep 300';

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('many tasks: from the form to the log of the one that failed', async ({
  page
}) => {
  const { lab, panel } = await open(page);
  await panel.newJob();
  const form = new ComposeForm(page);
  await form.chooseKind('Command');
  await form.fill({ Name: 'sweep', Command: `sh -c '${SCRIPT}'` });
  await form.unfold('Many tasks');
  await form.fill({ 'Indices of the tasks': '0..9', 'At most at once': '0' });
  await form.expectIssue('At most at once', /at least one/);
  await form.fill({ 'At most at once': '4' });
  await expect(form.root).toContainText('0..9: 10 tasks.');
  await expectAccessible(page, '.jp-BatchJobs-compose');
  await form.submit('Submit 10 tasks');

  const row = panel.row('sweep');
  await expect(row.root).toHaveAccessibleName(
    /Running, 9 of 10 done, 1 failed · 1 running/,
    { timeout: 60_000 }
  );
  await row.root.click();
  const job = new JobPage(page);
  await expect(job.root).toContainText('9 of 10 done · 1 failed · 1 running');
  await expect(job.log).toContainText('task 0 speaks');
  await expectAccessible(page, '.jp-BatchJobs-job');
  await expect(job.charts.first()).toBeVisible();
  await job.showTaskTable();
  await job.root.getByRole('button', { name: 'Failed 1' }).click();
  await expect(job.tasks.getByRole('row')).toHaveCount(2);
  await expect(job.task(7)).toContainText('Exit code 3');
  await expectAccessible(page, '.jp-BatchJobs-job');
  await job.task(7).dblclick();
  await expect(job.log).toContainText('task 7 speaks');

  await row.press('Cancel');
  await expect(lab.dialog()).toContainText(
    'This ends 1 task that has not ended (1 running, 0 waiting). 9 tasks are over'
  );
  await lab.dialog().getByRole('button', { name: 'Cancel Job' }).click();
  await row.expectState('Failed');

  await row.press('Resubmit');
  await expect(
    lab.dialog().getByLabel('Only the task that failed, of 10')
  ).toBeChecked();
  await lab.dialog().getByLabel('Name').fill('once-more');
  await page.keyboard.press('Enter');
  await panel.row('once-more').expectState('Failed');
  const answer = await server.call(
    'GET',
    `jobs/${await panel.row('once-more').id()}/tasks`
  );
  const { tasks } = await answer.json();
  expect(tasks.map(({ index }: { index: number }) => index)).toEqual([7]);
});

test('a job that waits for another, chosen from the list', async ({ page }) => {
  const { lab, panel } = await open(page);
  await submit('before', ['sleep', '300']);
  await panel.row('before').expectState('Running');
  await panel.newJob();
  const form = new ComposeForm(page);
  await form.chooseKind('Command');
  await form.fill({ Name: 'after', Command: 'true' });
  await form.unfold('After other jobs');
  await form.root.getByRole('button', { name: 'Add job' }).click();
  await form.field('Job to wait for, 1').selectOption('before · Running');
  await form.field('When job 1').selectOption('is over, however it ended');
  await form.submit();
  await panel.row('after').expectState('Queued');

  await panel.row('before').press('Cancel');
  await lab.dialog().getByRole('button', { name: 'Cancel Job' }).click();
  await panel.row('after').expectState('Completed');
});

test('ten thousand tasks: one row, a line of each, and an end to all', async ({
  page
}) => {
  test.setTimeout(240_000);
  const { lab, panel } = await open(page);
  await submit('survey', ['sleep', '600'], {
    array: { kind: 'index', start: 0, stop: 9_999 }
  });
  const row = panel.row('survey');
  await expect(row.root).toHaveAccessibleName(/Running, 0 of 10,000 done/, {
    timeout: 60_000
  });
  await row.root.click();
  const job = new JobPage(page);
  await job.showTaskTable();
  await expect(job.tasks).toHaveAttribute('aria-rowcount', '10001');
  await expect(job.task(0)).toContainText('Running', { timeout: 60_000 });
  await job.tasks.press('End');
  await expect(job.task(9_999)).toContainText('Queued');
  expect(await job.tasks.getByRole('row').count()).toBeLessThan(80);

  await row.press('Cancel');
  await expect(lab.dialog()).toContainText(
    'This ends 10,000 tasks that have not ended'
  );
  await lab.dialog().getByRole('button', { name: 'Cancel Job' }).click();
  await row.expectState('Cancelled', 120_000);
  await expect(job.task(9_999)).toContainText('Cancelled', {
    timeout: 60_000
  });
});

test('why tasks failed, and just those again with more memory or time than they used', async ({
  page
}) => {
  test.setTimeout(240_000);
  const { lab, panel } = await open(page);
  await submit('hungry', ['sh', '-c', HUNGRY], {
    array: { kind: 'index', start: 0, stop: 4 }
  });
  await submit(
    'slow',
    ['sh', '-c', SLOW],
    { array: { kind: 'index', start: 0, stop: 1 } },
    3
  );
  await panel.row('hungry').expectState('Failed', 120_000);
  await panel.row('hungry').root.click();
  const job = new JobPage(page);
  const causes = job.root.getByRole('table', { name: 'Why 3 tasks failed' });
  await expect(causes.getByRole('row')).toHaveCount(3);
  await expect(causes).toContainText('no such chain');
  await causes.getByRole('button', { name: /^Resubmit with/ }).click();
  await expect(lab.dialog()).toContainText(
    'Only the 2 tasks that failed for this cause.'
  );
  await lab.dialog().getByLabel('Name').fill('fed');
  await page.keyboard.press('Enter');
  await panel.row('fed').expectState(/Running|Queued/);

  const of = async (name: string): Promise<IArrayJob> => {
    const path = `jobs/${await panel.row(name).id()}`;
    const job = await (await server.call('GET', path)).json();
    const { tasks } = await (await server.call('GET', `${path}/tasks`)).json();
    return { ...job, tasks };
  };
  const [hungry, fed] = [await of('hungry'), await of('fed')];
  expect(fed.tasks.map(({ index }) => index)).toEqual([1, 2]);
  expect(hungry.memory_peak_bytes).toBeGreaterThan(hungry.memory_bytes);
  expect(fed.memory_bytes).toBeGreaterThan(hungry.memory_peak_bytes);

  await panel.row('slow').expectState('Failed');
  await panel.row('slow').root.click();
  await job.root.getByRole('button', { name: 'Resubmit with 1 min…' }).click();
  await expect(lab.dialog()).toContainText(
    'Only the task that failed for this cause.'
  );
  await expect(lab.dialog().getByLabel('Time limit')).toHaveValue('1 min');
  await lab.dialog().getByLabel('Name').fill('rested');
  await page.keyboard.press('Enter');
  await panel.row('rested').expectState(/Running|Queued/);
  const rested = await of('rested');
  expect(rested.tasks.map(({ index }) => index)).toEqual([1]);
  expect(rested.walltime_seconds).toBe(60);
});

interface IArrayJob {
  memory_bytes: number;
  memory_peak_bytes: number;
  walltime_seconds: number;
  tasks: readonly { index: number }[];
}

async function open(page: Page): Promise<{ lab: Lab; panel: JobsPanel }> {
  const lab = new Lab(page, server);
  await lab.open();
  const panel = new JobsPanel(page);
  await panel.show();
  return { lab, panel };
}

async function submit(
  name: string,
  argv: string[],
  spec: { array?: object } = {},
  walltimeSeconds = 600
): Promise<void> {
  const answer = await server.call('POST', 'jobs?anyway=true', {
    key: `arrays-journey-${name}`,
    body: {
      gateway_id: 'local',
      spec: {
        name,
        task: { kind: 'command', argv },
        resources: {
          cores: 1,
          memory_bytes: 2 ** 28,
          walltime_seconds: walltimeSeconds
        },
        ...spec
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
}
