import { expect, type Page, test } from '@playwright/test';

import { JobCard } from '../pages/job-card';
import { JobsPanel } from '../pages/jobs-panel';
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

async function newNotebook(page: Page): Promise<Notebook> {
  const lab = new Lab(page, server);
  await lab.open('');
  const notebook = new Notebook(page);
  await notebook.create();
  return notebook;
}
