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

async function open(page: Page): Promise<{ lab: Lab; panel: JobsPanel }> {
  const lab = new Lab(page, server);
  await lab.open();
  const panel = new JobsPanel(page);
  await panel.show();
  return { lab, panel };
}

async function submit(name: string, argv: string[]): Promise<void> {
  const answer = await server.call('POST', 'jobs', {
    key: `arrays-journey-${name}`,
    body: {
      gateway_id: 'local',
      spec: {
        name,
        task: { kind: 'command', argv },
        resources: {
          cores: 1,
          memory_bytes: 2 ** 28,
          walltime_seconds: 600
        }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
}
