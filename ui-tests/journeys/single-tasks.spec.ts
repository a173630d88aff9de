import { expect, type Page, test } from '@playwright/test';

import { expectAccessible } from '../pages/accessible';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';
import { SlurmCluster } from '../servers/slurm-cluster';

const MISSING = SlurmCluster.missing();

test.describe('single tasks on this machine', () => {
  let server: JupyterServer;

  test.beforeAll(async () => {
    server = await JupyterServer.start();
  });

  test.afterAll(() => server.stop());

  test('are selected by keyboard, cancelled, and run again', async ({
    page
  }) => {
    const job = await openTasks(page, server, 'local', 4);
    await expect(job.task(3)).toContainText('Queued');
    await job.tasks.press('End');
    await job.tasks.press('Shift+ArrowUp');
    await expect(job.tasks.getByRole('row', { selected: true })).toHaveCount(2);
    // The local engine orders nothing else of single tasks.
    await expect(job.taskAction('Hold 2')).toHaveCount(0);
    await expectAccessible(page, '.jp-BatchJobs-job');
    await job.taskAction('Cancel 2').press('Enter');
    const { dialog } = lab(page, server);
    await expect(dialog()).toContainText('Tasks 2, 3 of tasks.');
    await dialog().getByRole('button', { name: 'Cancel 2 Tasks' }).click();
    await expect(job.root.getByText('2 cancelled.')).toBeVisible();
    await expect(job.task(2)).toContainText('Cancelled');
    await expect(job.task(3)).toContainText('Cancelled');
    await expect(job.task(0)).toContainText('Running');

    await job.tasks.press('Control+a');
    await job.taskAction('Cancel 2').click();
    await dialog().getByRole('button', { name: 'Cancel 2 Tasks' }).click();
    await expect(job.task(0)).toContainText('Cancelled');
    await job.tasks.press('Escape');
    await job.task(1).getByRole('checkbox').check();
    await job.taskAction('Resubmit 1').click();
    await dialog().getByLabel('Name').fill('just-one');
    await page.keyboard.press('Enter');
    await new JobsPanel(page).row('just-one').expectState('Running');
  });
});

test.describe('single tasks on Slurm', () => {
  test.skip(MISSING !== null, MISSING ?? '');

  let server: JupyterServer;

  test.beforeAll(async () => {
    const cluster = await SlurmCluster.up();
    server = await JupyterServer.start({
      config: `c.BatchExtension.gateways = [{'id': 'slurm', 'kind': 'slurm', 'title': 'Slurm', 'slurm_conf': '${cluster.confPath}'}]`
    });
  });

  test.afterAll(() => server.stop());

  test('are held, released, requeued and cancelled by pointer', async ({
    page
  }) => {
    const job = await openTasks(page, server, 'slurm', 6);
    const { dialog } = lab(page, server);
    await expect(job.task(5)).toContainText('Queued');
    await job.task(4).getByRole('checkbox').check();
    await job.task(5).getByRole('checkbox').check();
    await job.taskAction('Hold 2').click();
    await expect(job.root.getByText('2 held.')).toBeVisible();
    await expect(job.task(4)).toContainText('Held');
    await expect(job.task(5)).toContainText('Held');
    await expect(job.task(3)).toContainText('Queued');

    await job.task(4).click({ modifiers: ['ControlOrMeta'] });
    await job.task(5).click({ modifiers: ['Shift'] });
    await expect(job.taskAction('Hold 2')).toHaveCount(0);
    await job.taskAction('Release 2').click();
    await expect(job.root.getByText('2 released.')).toBeVisible();
    await expect(job.task(5)).toContainText('Queued');

    // What waits is cancelled, what runs is ended and begins anew.
    await expect(job.task(0)).toContainText('Running');
    await job.task(0).getByRole('checkbox').check();
    await job.task(3).getByRole('checkbox').check();
    await expect(job.taskAction('Cancel 2')).toBeVisible();
    await job.taskAction('Run 1 again from the start').click();
    await dialog().getByRole('button', { name: 'Run Task Again' }).click();
    await expect(
      job.root.getByText('1 put into the queue again.')
    ).toBeVisible();
    await job.taskAction('Cancel 1').click();
    await dialog().getByRole('button', { name: 'Cancel Task' }).click();
    await expect(job.task(3)).toContainText('Cancelled');
    await expect(job.task(0)).toContainText('Queued');
    await new JobsPanel(page).row('tasks').press('Cancel');
    await dialog().getByRole('button', { name: 'Cancel Job' }).click();
    await new JobsPanel(page).row('tasks').expectState('Cancelled');
  });
});

function lab(page: Page, server: JupyterServer) {
  const one = new Lab(page, server);
  return { dialog: () => one.dialog() };
}

/** Submit tasks of which two run at a time and stay, and show the table of them. */
async function openTasks(
  page: Page,
  server: JupyterServer,
  gatewayId: string,
  count: number
): Promise<JobPage> {
  const answer = await server.call('POST', 'jobs', {
    key: `single-tasks-${gatewayId}`,
    body: {
      gateway_id: gatewayId,
      spec: {
        name: 'tasks',
        task: { kind: 'command', argv: ['sleep', '300'] },
        array: { kind: 'index', start: 0, stop: count - 1, max_running: 2 },
        resources: {
          cores: 1,
          memory_bytes: 2 ** 27,
          walltime_seconds: 600
        }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  await panel.row('tasks').root.click();
  const job = new JobPage(page);
  await job.showTaskTable();
  await expect(job.task(0)).toContainText('Running');
  return job;
}
