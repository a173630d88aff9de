import { expect, test } from '@playwright/test';

import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { fillStore, JupyterServer } from '../servers/jupyter-server';

let server: JupyterServer;

test.beforeEach(async () => {
  server = await JupyterServer.start();
});

test.afterEach(() => server.stop());

test('no job: one sentence and the one next step', async ({ page }) => {
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();

  await expect(panel.root).toContainText('No jobs yet.');
  await panel.newJob();
  await expect(page.getByRole('form', { name: 'New batch job' })).toBeVisible();
});

test('100,000 tasks: what is drawn of them stays small', async ({ page }) => {
  fillStore(server, 0, 100_000);
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  await panel.row('sky').root.click();
  const job = new JobPage(page);
  await job.showTaskTable();

  await expect(job.task(0)).toContainText('Failed');
  const drawn = await job.root.locator('*').count();
  await job.tasks.focus();
  await page.keyboard.press('End');
  await expect(job.task(99_999)).toContainText('Completed');
  expect(await job.root.locator('*').count()).toBeLessThan(drawn + 200);
  await page.keyboard.press('Enter');
  await expect(job.root.getByRole('textbox', { name: 'Task' })).toHaveValue(
    '99999'
  );

  await job.root.getByRole('columnheader', { name: 'Memory' }).click();
  await page.keyboard.press('Home');
  await expect(job.tasks.getByRole('row').nth(1)).toContainText('1 GB');
  await job.root.getByRole('button', { name: 'Failed 100' }).click();
  await expect(job.tasks).toHaveAttribute('aria-rowcount', '101');
});

for (const count of [1, 10_000]) {
  test(`${count} jobs: what is drawn stays small`, async ({ page }) => {
    fillStore(server, count);
    await new Lab(page, server).open();
    const panel = new JobsPanel(page);
    await panel.show();

    const shown = new Intl.NumberFormat('en-GB').format(count);
    await expect(panel.heading('Finished today')).toHaveText(
      `Finished today · ${shown}`
    );
    await expect(panel.rows('night-00000')).toBeVisible();
    expect(await panel.grid.getByRole('row').count()).toBeLessThan(80);

    const last = `night-${String(count - 1).padStart(5, '0')}`;
    await panel.filter(`${last} phase:completed phase:failed`);
    await expect(panel.heading('Finished')).toHaveText('Finished · 1');
    await expect(panel.rows(last)).toBeVisible();
  });
}
