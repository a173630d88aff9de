import { expect, test } from '@playwright/test';

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

for (const count of [1, 10_000]) {
  test(`${count} jobs: what is drawn stays small`, async ({ page }) => {
    fillStore(server, count);
    await new Lab(page, server).open();
    const panel = new JobsPanel(page);
    await panel.show();

    const shown = new Intl.NumberFormat('en-GB').format(count);
    await expect(panel.heading('Finished')).toHaveText(`Finished · ${shown}`);
    await expect(panel.rows('night-00000')).toBeVisible();
    expect(await panel.grid.getByRole('row').count()).toBeLessThan(80);

    const last = `night-${String(count - 1).padStart(5, '0')}`;
    await panel.filter(`${last} phase:completed phase:failed`);
    await expect(panel.heading('Finished')).toHaveText('Finished · 1');
    await expect(panel.rows(last)).toBeVisible();
  });
}
