import { expect, type Page, test } from '@playwright/test';

import { JobCard } from '../pages/job-card';
import { type JobRow, JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { JupyterServer } from '../servers/jupyter-server';

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('a magic makes a live card and the same row in the panel', async ({
  page
}) => {
  const notebook = await newNotebook(page);
  await notebook.run('%load_ext jupyterlab_batch');
  await notebook.run(
    '%batch submit examples/count-cores.sh -c 1 --mem 500MB --time 5m --name counted'
  );

  const card = new JobCard(page, 'counted');
  await expect(card.root).toContainText('Completed', { timeout: 60_000 });
  const panel = new JobsPanel(page);
  await panel.show();
  await panel.row('counted').expectState('Completed');
  await card.press('Open');
  await expect(page.getByRole('log')).toContainText('Cores seen');
});

test('a card follows its job, and can cancel it', async ({ page }) => {
  const notebook = await newNotebook(page);
  await notebook.run(
    'from jupyterlab_batch.client import Batch\n' +
      'Batch().submit(command="sleep 300", name="sleeper", cores=1, memory="500MB", time="10m")'
  );

  const card = new JobCard(page, 'sleeper');
  await expect(card.root).toContainText('Running', { timeout: 60_000 });
  await card.press('Cancel…');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Cancel Job' })
    .click();
  await expect(card.root).toContainText('Cancelled', { timeout: 60_000 });
});

test('too much memory: what it used and what it had, the same in card and row', async ({
  page
}) => {
  const notebook = await newNotebook(page);
  await notebook.run(
    'import sys\nfrom jupyterlab_batch.client import Batch\n' +
      'source = "import time; x = bytearray(300 << 20); time.sleep(300)"\n' +
      'Batch().submit(command=[sys.executable, "-c", source], name="greedy", memory="200MB", time="10m")'
  );
  const panel = new JobsPanel(page);
  await panel.show();
  const card = new JobCard(page, 'greedy');
  await expect(card.root).toContainText('Failed', { timeout: 60_000 });
  await expect(card.root).toContainText(
    await outOf('200 MB', panel.row('greedy'))
  );
  await expect(panel.row('greedy').root).toContainText(
    await outOf('200 MB', panel.row('greedy'))
  );

  await panel.row('greedy').press('Resubmit');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('greedy still');
  await dialog.getByLabel('Memory').fill('250MB');
  await page.keyboard.press('Enter');
  await panel.row('greedy still').expectState('Failed');
  await expect(panel.row('greedy still').root).toContainText(
    await outOf('250 MB', panel.row('greedy still'))
  );
});

/** What is to be said of a job that used more memory than it might, by what was measured. */
async function outOf(limit: string, row: JobRow): Promise<string> {
  const answer = await server.call('GET', `jobs/${await row.id()}`);
  const { memory_peak_bytes: peak } = await answer.json();
  expect(peak).toBeGreaterThan(200 * 2 ** 20);
  const used = (peak / 2 ** 20).toFixed(1).replace(/\.0$/, '');
  return `Out of memory: used ${used} MB of ${limit}`;
}

async function newNotebook(page: Page): Promise<Notebook> {
  const lab = new Lab(page, server);
  await lab.open('');
  const notebook = new Notebook(page);
  await notebook.create();
  return notebook;
}
