import { existsSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { expectAccessible } from '../pages/accessible';
import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';

const MEBIBYTE = 2 ** 20;

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('a failed job, again with another name and more cores', async ({
  page
}) => {
  await submit('broken', ['sh', '-c', 'echo no such table; exit 3']);
  const { lab, panel } = await open(page);
  await panel.row('broken').expectState('Failed');
  await panel.row('broken').press('Resubmit');
  const dialog = lab.dialog();
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await expect(dialog.getByLabel('Memory')).toHaveValue('256MB');
  await expectAccessible(page, '.jp-BatchJobs-resubmitDialog');

  await dialog.getByLabel('Memory').fill('much');
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Memory')).toHaveAccessibleDescription(
    /A number with its unit/
  );
  await dialog.getByLabel('Memory').fill('256MB');
  await dialog.getByLabel('Cores').fill('0');
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Cores')).toHaveAttribute(
    'aria-invalid',
    'true'
  );
  await dialog.getByLabel('Cores').fill('2');
  await dialog.getByLabel('Name').fill('mended');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(panel.row('mended').root).toBeFocused();
  await panel.row('mended').expectState('Failed');
  const answer = await server.call(
    'GET',
    `jobs/${await panel.row('mended').id()}`
  );
  expect(await answer.json()).toMatchObject({
    cores: 2,
    memory_bytes: 256 * MEBIBYTE,
    resubmitted_from: await panel.row('broken').id()
  });
});

test('a lost answer and a second press make one job', async ({ page }) => {
  await submit('fragile', ['false']);
  const { lab, panel } = await open(page);
  await panel.row('fragile').expectState('Failed');
  let lost = 0;
  await page.route('**/resubmit*', async route => {
    const answer = await route.fetch();
    lost += 1;
    await (lost === 1 ? route.abort() : route.fulfill({ response: answer }));
  });
  await panel.row('fragile').press('Resubmit');
  const accept = lab.dialog().getByRole('button', { name: 'Resubmit' });
  await accept.click();
  await expect(lab.dialog()).toContainText('The Jupyter server did not answer');
  await accept.click();
  await expect(lab.dialog()).toHaveCount(0);
  expect(lost).toBe(2);
  await expect(panel.rows('fragile')).toHaveCount(2);
});

test('edit and resubmit opens the form with what the job was asked', async ({
  page
}) => {
  await submit('editable', ['echo', 'two words']);
  const { panel } = await open(page);
  await panel.row('editable').expectState('Completed');
  await chooseFromMenu(page, panel, 'editable', 'Edit and Resubmit…');
  const form = new ComposeForm(page);
  await expect(form.field('Name')).toHaveValue('editable');
  await expect(form.field('Command')).toHaveValue("echo 'two words'");
});

test('forget by the Delete key, and from the page', async ({ page }) => {
  await submit('old', ['true']);
  await submit('older', ['true']);
  const { lab, panel } = await open(page);
  await panel.row('old').expectState('Completed');
  await panel.row('older').expectState('Completed');
  const id = await panel.row('old').id();
  const { run_directory } = await (
    await server.call('GET', `jobs/${id}`)
  ).json();

  await panel.row('old').root.focus();
  await page.keyboard.press('Delete');
  await expect(lab.dialog()).toContainText('Its run directory stays');
  await lab.dialog().getByRole('button', { name: 'Forget Job' }).press('Enter');
  await expect(panel.rows('old')).toHaveCount(0);
  await expect(panel.grid.locator(':focus')).toHaveCount(1);
  expect((await server.call('GET', `jobs/${id}`)).status).toBe(404);
  expect(existsSync(path.join(run_directory, 'spec.json'))).toBe(true);

  await panel.row('older').root.click();
  const { root } = new JobPage(page);
  await root.getByRole('button', { name: 'Forget…' }).click();
  await lab.dialog().getByRole('button', { name: 'Forget Job' }).click();
  await expect(panel.rows('older')).toHaveCount(0);
  await expect(root).toHaveCount(0);
});

test('many, by keyboard: what fits is done, and told for each', async ({
  page
}) => {
  await submit('many-done', ['true']);
  await submit('many-failed', ['false']);
  await submit('many-running', ['sleep', '300']);
  const { lab, panel } = await open(page);
  await panel.row('many-done').expectState('Completed');
  await panel.row('many-failed').expectState('Failed');
  await panel.row('many-running').expectState('Running');
  await panel.row('many-running').root.focus();
  const before = await panel.row('many-running').root.boundingBox();
  for (const name of ['many-running', 'many-failed', 'many-done']) {
    await panel.row(name).root.focus();
    await page.keyboard.press('Space');
  }
  const bar = panel.root.getByRole('group', { name: 'Selected jobs' });
  await expect(bar).toContainText('3 selected');
  expect(await panel.row('many-running').root.boundingBox()).toEqual(before);
  await expectAccessible(page, '#jupyterlab-batch-jobs');

  await bar.getByRole('button', { name: 'Cancel 1' }).click();
  await lab.dialog().getByRole('button', { name: 'Cancel Job' }).click();
  await expect(panel.root).toContainText('1 cancelled.');
  await panel.row('many-running').expectState('Cancelled');
  await expect(bar).toContainText('2 selected');
  await bar.getByRole('button', { name: 'Forget 2' }).click();
  await lab.dialog().getByRole('button', { name: 'Forget 2 Jobs' }).click();
  await expect(panel.root).toContainText('2 forgotten.');
  await expect(panel.rows(/^many-(done|failed), /)).toHaveCount(0);
  await expect(bar).toHaveCount(0);
});

test('two tabs, one job: the second is told, and does nothing', async ({
  page,
  context
}) => {
  await submit('shared', ['sleep', '300']);
  const one = await open(page);
  const other = await open(await context.newPage());
  await one.panel.row('shared').expectState('Running');
  await other.panel.row('shared').expectState('Running');
  await other.panel.row('shared').press('Cancel');
  await expect(other.lab.dialog()).toContainText('Cancel job shared?');

  await one.panel.row('shared').press('Cancel');
  await one.lab.dialog().getByRole('button', { name: 'Cancel Job' }).click();
  await one.panel.row('shared').expectState('Cancelled');

  await expect(other.lab.dialog()).toContainText('Nothing was done.');
  await other.lab.dialog().getByRole('button', { name: 'Close' }).click();
  await other.panel.row('shared').expectState('Cancelled');
  await expect(other.lab.page.getByRole('alert')).toHaveCount(0);
});

test('a job that ends while its menu is open: the menu is about that job still', async ({
  page
}) => {
  const go = path.join(server.folder, 'go');
  await submit('neighbour', ['sleep', '300']);
  await submit('ends', ['sh', '-c', `until [ -e ${go} ]; do sleep 0.2; done`]);
  const { lab, panel } = await open(page);
  await panel.row('neighbour').expectState('Running');
  await panel.row('ends').expectState('Running');
  await panel.row('ends').root.click({ button: 'right' });
  const cancel = page
    .getByRole('menu')
    .getByRole('menuitem', { name: 'Cancel Job…' });
  await expect(cancel).toBeVisible();
  writeFileSync(go, '');
  await panel.row('ends').expectState('Completed');

  await cancel.click();
  await expect(
    page.getByText('ends: Completed. Nothing was cancelled.').first()
  ).toBeVisible();
  await expect(lab.dialog()).toHaveCount(0);
  await panel.row('neighbour').expectState('Running');
  await server.call('POST', `jobs/${await panel.row('neighbour').id()}/cancel`);
});

test('launcher, status bar and running sessions lead to jobs, and what failed is put away', async ({
  page
}) => {
  test.setTimeout(240_000);
  await submit('from-afar', ['sleep', '300']);
  await submit('put-away', ['false']);
  const { lab, panel } = await open(page);
  await panel.row('put-away').expectState('Failed');
  await panel.row('from-afar').expectState('Running');
  await panel.root.getByRole('button', { name: 'Dismiss' }).click();
  await expect(
    panel.root
      .locator('[data-group="finished_today"] [data-job-id]')
      .filter({ hasText: 'put-away' })
  ).toBeVisible();

  await page
    .getByRole('main')
    .getByRole('button', { name: 'Batch Job', exact: true })
    .click();
  await expect(page.getByRole('form', { name: 'New batch job' })).toBeVisible();

  await page.getByRole('tab', { name: /^Running/ }).click();
  await expect(panel.root).toBeHidden();
  const session = page
    .locator('.jp-RunningSessions-item')
    .filter({ hasText: 'from-afar' });
  await session.hover();
  await session.getByTitle('Cancel Job…').click();
  await lab.dialog().getByRole('button', { name: 'Cancel Job' }).click();
  await expect(session).toHaveCount(0, { timeout: 60_000 });

  await submit('another', ['sleep', '300']);
  await page
    .locator('#jp-main-statusbar')
    .getByRole('button', { name: /1 running/ })
    .click({ timeout: 60_000 });
  await expect(panel.root).toBeVisible();
  await panel.row('from-afar').expectState('Cancelled');
  await server.call('POST', `jobs/${await panel.row('another').id()}/cancel`);
});

async function open(page: Page): Promise<{ lab: Lab; panel: JobsPanel }> {
  const lab = new Lab(page, server);
  await lab.open();
  const panel = new JobsPanel(page);
  await panel.show();
  return { lab, panel };
}

async function chooseFromMenu(
  page: Page,
  panel: JobsPanel,
  name: string,
  label: string
): Promise<void> {
  await panel.row(name).root.click({ button: 'right' });
  await page.getByRole('menu').getByRole('menuitem', { name: label }).click();
}

async function submit(name: string, argv: string[]): Promise<void> {
  const answer = await server.call('POST', 'jobs', {
    key: `one-and-many-${name}`,
    body: {
      gateway_id: 'local',
      spec: {
        name,
        task: { kind: 'command', argv },
        resources: {
          cores: 1,
          memory_bytes: 256 * MEBIBYTE,
          walltime_seconds: 600
        }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
}
