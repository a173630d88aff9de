import { readFileSync } from 'node:fs';

import { expect, test } from '@playwright/test';

import { JobsPanel } from '../pages/jobs-panel';
import { JobsTable } from '../pages/jobs-table';
import { Lab } from '../pages/lab';
import { fillStore, JupyterServer } from '../servers/jupyter-server';

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
  fillStore(server, 10_000);
});

test.afterAll(() => server.stop());

test.beforeEach(async ({ page }) => {
  await new Lab(page, server).open();
});

test('10,000 jobs in one scroll: found, sorted, selected, exported', async ({
  page
}) => {
  const panel = new JobsPanel(page);
  await panel.show();
  await panel.root.getByRole('button', { name: /open as table/i }).click();
  const table = new JobsTable(page);
  await table.expectShown();
  await expect(table.count('All')).toHaveText('All 10,000');
  await expect(table.count('Failed')).toHaveText('Failed 1,000');
  await expect(table.count('Completed')).toHaveText('Completed 9,000');
  expect(await table.grid.locator('[role="row"]').count()).toBeLessThan(80);

  // The end of the list, by one key.
  await table.grid.focus();
  await page.keyboard.press('End');
  await expect(table.row('night-09999')).toBeVisible();
  await expect.poll(() => table.current()).toBe('night-09999');

  // Sorted by name, as the heading says, and kept over a reload.
  const name = table.grid.getByRole('columnheader', { name: /^Name/ });
  await name.click();
  await expect(name).toHaveAttribute('aria-sort', 'ascending');
  await page.keyboard.press('Home');
  await expect(table.row('night-00000')).toBeVisible();

  // Nothing moves when a job is selected.
  const row = table.row('night-00003');
  const before = await row.boundingBox();
  await row.getByRole('checkbox').click();
  await table.row('night-00006').click({ modifiers: ['Shift'] });
  await expect(table.selected).toContainText('4 selected');
  await expect(
    table.selected.getByRole('button', { name: 'Forget 4' })
  ).toBeVisible();
  expect(await row.boundingBox()).toEqual(before);
  await table.grid.focus();
  await page.keyboard.press('Escape');
  await expect(table.selected).toHaveCount(0);

  // Only the failed ones, exported.
  await table.count('Failed').click();
  await expect(table.root.getByText('1,000 jobs')).toBeVisible();
  const download = page.waitForEvent('download');
  await table.root.getByRole('button', { name: 'Export as CSV' }).click();
  const lines = readFileSync(await (await download).path(), 'utf-8')
    .trim()
    .split('\r\n');
  expect(lines).toHaveLength(1_001);
  expect(lines[0]).toContain('id,phase,name');
  expect(lines[1]).toContain('failed,night-00000');

  // Other columns, kept over a reload as the order is.
  const column = (name: string) =>
    table.grid.getByRole('columnheader', { name, exact: true });
  await expect(column('Gateway')).toBeVisible();
  const columns = table.root.getByRole('button', { name: 'Columns' });
  await columns.click();
  await table.root.getByRole('checkbox', { name: 'Gateway' }).uncheck();
  await table.root.getByRole('checkbox', { name: 'Why' }).uncheck();
  await table.root.getByRole('checkbox', { name: 'Ended' }).check();
  await columns.press('Escape');
  await expect(column('Ended')).toBeVisible();
  await expect(column('Gateway')).toHaveCount(0);

  await page.reload();
  await new Lab(page, server).expectReady();
  await expect(name).toHaveAttribute('aria-sort', 'ascending');
  await expect(column('Ended')).toBeVisible();
  await expect(column('Gateway')).toHaveCount(0);
});
