import { writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { expectAccessible } from '../pages/accessible';
import { ComposeForm } from '../pages/compose-form';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
  // As a spreadsheet writes it: a byte order mark, quotes, and line ends of Windows.
  writeFileSync(
    path.join(server.root, 'examples', 'targets.csv'),
    '\uFEFF"name","ra"\r\n"M 31",10.5\r\n"<b>M33</b>",23.4\r\n'
  );
});

test.afterAll(() => server.stop());

test('one value for each task: typed, pasted, from a file, and never too many', async ({
  page
}) => {
  const { panel } = await open(page);
  await panel.newJob();
  const form = new ComposeForm(page);
  await form.chooseKind('Command');
  await form.fill({ Name: 'sweep', Command: "echo '{target} {seed}'" });
  await form.addParameter('target', '@examples/targets.csv[dec]');
  await form.expectIssue('Value of target', 'no such column');
  await form.fill({ 'Value of target': '@examples/targets.csv[name]' });
  await expect(form.submitButton).toHaveText('Submit 2 tasks');

  await form.addParameter('seed', '0..999999999');
  await expect(form.root).toContainText(/More tasks than the gateway takes/);
  await form.pressSubmit();
  await form.field('Value of seed').fill('');
  await form.paste('Value of seed', '7\r\n8\r\n');
  await expect(form.field('Value of seed')).toHaveValue('7, 8');
  await expect(form.submitButton).toHaveText('Submit 4 tasks');
  await form.field('How the values go together').selectOption('Side by side');
  await expect(form.submitButton).toHaveText('Submit 2 tasks');
  await form.field('Value of seed').press('Escape');
  await expect(form.field('Value of seed')).toHaveValue('7, 8');
  await expectAccessible(page, '.jp-BatchJobs-compose');

  await expect(form.preview).toHaveAttribute('aria-busy', 'false');
  await form.field('Value of seed').press('Control+Enter');
  const row = panel.row('sweep');
  await row.expectState('Completed');
  const answer = await server.call('GET', `jobs/${await row.id()}/tasks`);
  const { tasks } = await answer.json();
  expect(
    tasks.map(({ parameters }: { parameters: unknown }) => parameters)
  ).toEqual([
    { target: 'M 31', seed: 7 },
    { target: '<b>M33</b>', seed: 8 }
  ]);
});

test('a template is saved, opened from the file browser, and a job is edited', async ({
  page,
  context
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { lab, panel } = await open(page);
  await panel.newJob();
  const form = new ComposeForm(page);
  await form.chooseKind('Command');
  await form.fill({ Name: 'often', Command: 'true', Memory: '64MB' });
  await form.unfold('Tags');
  await form.fill({ Tags: 'nightly' });
  await form.root.getByRole('button', { name: 'Save as template…' }).click();
  await lab.dialog().getByRole('button', { name: 'Save' }).click();
  await lab.openFileBrowser();
  await lab.file('often.batch.json').dblclick();
  await expect(lab.tab(/^New job: often/)).toHaveCount(2);
  await expect(form.field('Command')).toHaveValue('true');
  await expect(form.field('Memory')).toHaveValue('64MB');
  await form.submit();

  const row = panel.row('often');
  await row.expectState('Completed');
  const shown = panel.grid.locator('[data-job-id]');
  for (const words of ['gateway:elsewhere', 'tag:weekly']) {
    await panel.filter(words);
    await expect(panel.root).toContainText('No job fits the filter.');
  }
  await panel.filter('gateway:local tag:nightly');
  await expect(row.root).toBeVisible();
  await expect(shown).toHaveCount(1);

  await row.root.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Edit and Resubmit…' }).click();
  const different = form.root.getByRole('region', {
    name: 'Different from often'
  });
  await expect(different).toContainText('Nothing.');
  await form.fill({ Memory: '96 MB' });
  await expect(different).toContainText('Memory: 64MB 96 MB');
  await expect(form.field('Time limit')).toHaveAccessibleDescription(
    /The last one like this took/
  );
  await expect(
    form.root.locator('summary').filter({ hasText: 'Tags' })
  ).toContainText('nightly');

  for (const [kind, words] of [
    ['Script', 'true'],
    ['JSON', '"name": "often"'],
    ['Python', 'memory="96MB"'],
    ['Magic', '%batch submit']
  ] as const) {
    await form.showAs(kind);
    await expect(form.preview).toContainText(words);
    await expect(form.preview).toHaveAttribute('aria-busy', 'false');
    const text = await form.preview.textContent();
    await form.root.getByRole('button', { name: 'Copy', exact: true }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toBe(text);
  }
});

async function open(page: Page): Promise<{ lab: Lab; panel: JobsPanel }> {
  const lab = new Lab(page, server);
  await lab.open();
  const panel = new JobsPanel(page);
  await panel.show();
  return { lab, panel };
}
