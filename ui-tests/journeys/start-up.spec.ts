import { expect, test } from '@playwright/test';

import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { JobsTable } from '../pages/jobs-table';
import { Lab } from '../pages/lab';
import { watchScripts } from '../pages/start-up-scripts';
import { fillStore, JupyterServer } from '../servers/jupyter-server';

const BUDGET_BYTES = 12 * 1024;

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('before JupyterLab is usable we load at most 12 KiB', async ({ page }) => {
  const loaded = watchScripts(page, 'jupyterlab-batch');
  await new Lab(page, server).open();

  const scripts = await loaded();
  expect(scripts.length).toBeGreaterThan(0);
  const total = scripts.reduce((sum, script) => sum + script.gzipBytes, 0);
  const each = scripts.map(({ path, gzipBytes }) => `${path}: ${gzipBytes}`);
  expect(total, each.join('\n')).toBeLessThanOrEqual(BUDGET_BYTES);
});

test('a start asks our own store once and no gateway', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', request => {
    const { pathname } = new URL(request.url());
    if (pathname.includes('/jupyterlab-batch/v1/')) {
      asked.push(pathname);
    }
  });
  await new Lab(page, server).open();

  expect(asked.length, asked.join('\n')).toBeLessThanOrEqual(1);
});

test('what draws charts is loaded once there is one to draw', async ({
  page
}) => {
  fillStore(server, 10, 1_000);
  const loaded = watchScripts(page, 'jupyterlab-batch');
  const withCharts = async (): Promise<number> =>
    (await loaded()).filter(({ text }) => text.includes('u-legend')).length;
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  await panel.newJob();
  await panel.root.getByRole('button', { name: /open as table/i }).click();
  await new JobsTable(page).expectShown();
  await panel.row('night-00003').root.click();
  const job = new JobPage(page);
  await expect(job.root).toContainText('night-00003');
  expect(await withCharts()).toBe(0);

  await panel.row('sky').root.click();
  await expect(job.charts.first()).toBeVisible();
  expect(await withCharts()).toBeGreaterThan(0);
});
