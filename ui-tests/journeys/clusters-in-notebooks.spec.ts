import { writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, test } from '@playwright/test';

import { ClustersSection } from '../pages/clusters-section';
import { JobCard } from '../pages/job-card';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { fillStore, JupyterServer } from '../servers/jupyter-server';

const JOBS = 300;

/** A module that connects whoever imports it. */
const CONNECTS = `from jupyterlab_batch.client import Batch
client = next(one for one in Batch().clusters() if not one.is_over).client()
`;

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
  fillStore(server, JOBS);
});

test.afterAll(() => server.stop());

test('a cluster of a cell is a card, is dragged and connected, and stays in sight', async ({
  page
}) => {
  test.setTimeout(300_000);
  const lab = new Lab(page, server);
  const panel = new JobsPanel(page);
  const clusters = new ClustersSection(page);
  const notebook = new Notebook(page);
  await lab.open('');
  await notebook.create();
  await notebook.run('%load_ext jupyterlab_batch');
  await notebook.run('%batch cluster start -n 1 --mem 500MB --name pairs');
  const card = new JobCard(page, 'pairs').root;
  await expect(card).toContainText('1 of 1 worker', { timeout: 90_000 });

  // However many jobs there are, the row of the cluster is in the window.
  await panel.show();
  await clusters.expectRow('pairs', /1 of 1 worker/);
  await expect(clusters.row('pairs')).toBeInViewport({ ratio: 1 });
  await panel.unfoldAll();
  await expect(clusters.row('pairs')).toBeInViewport({ ratio: 1 });

  await notebook.expectReady();
  const before = await notebook.root.locator('.jp-Cell').count();
  await clusters.row('pairs').hover();
  await page.mouse.down();
  const box = await notebook.root.locator('.jp-Cell').last().boundingBox();
  if (!box) {
    throw new Error('The last cell is not in sight.');
  }
  const x = box.x + box.width / 2;
  await page.mouse.move(x, box.y, { steps: 5 });
  await expect(page.locator('.jp-BatchJobs-dragImage')).toBeVisible();
  await page.mouse.move(x, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(notebook.root.locator('.jp-Cell')).toHaveCount(before + 1);
  await expect(
    notebook.root.locator('.jp-Cell', { hasText: 'scheduler_file=' })
  ).toHaveCount(1);

  await lab.chooseFromMenu(clusters.row('pairs'), /Connect Running Kernel/);
  await expect(lab.dialog()).toContainText('client is a client of pairs');
  await lab.dialog().getByRole('button', { name: 'Connect' }).click();
  await expect(
    page.getByText(/its variable client is connected to pairs/).first()
  ).toBeVisible({ timeout: 60_000 });
  await notebook.run('print("result", client.submit(lambda: 20 + 1).result())');
  await expect(notebook.root).toContainText('result 21', { timeout: 90_000 });

  await expect(
    page.getByRole('button', { name: /1 worker/ }).last()
  ).toBeVisible({ timeout: 30_000 });
  await card.getByRole('button', { name: 'Stop…' }).click();
  await expect(lab.dialog()).toContainText('These notebooks use it: Untitled');
  await lab.dialog().getByRole('button', { name: 'Stop Cluster' }).click();
  await expect(card).toContainText('Stopped', { timeout: 60_000 });
  await clusters.expectRow('pairs', /^pairs, Stopped/);
});

test('a notebook that connects without a trace in its cells is named before its cluster is stopped', async ({
  page
}) => {
  test.setTimeout(300_000);
  writeFileSync(path.join(server.root, 'connects.py'), CONNECTS);
  const lab = new Lab(page, server);
  const clusters = new ClustersSection(page);
  const notebook = new Notebook(page);
  await lab.open('');
  await new JobsPanel(page).show();
  await clusters.unfold();
  await clusters.start({
    Name: 'hidden',
    Workers: '1',
    'Memory of each worker': '300 MB'
  });
  await clusters.expectRow('hidden', /1 of 1 worker/);
  await clusters.press('hidden', 'Stop');
  await expect(lab.dialog()).toContainText('All results');
  await expect(lab.dialog()).not.toContainText('use it');
  await lab.dialog().getByRole('button', { name: 'Keep Cluster' }).click();

  await notebook.create();
  await notebook.run('import connects; print("is", connects.client.status)');
  await expect(notebook.root).toContainText('is running', { timeout: 90_000 });
  // Which kernels run is asked no longer than somebody likes to wait for a question.
  await expect(async () => {
    await page.keyboard.press('Escape');
    await clusters.press('hidden', 'Stop');
    await expect(lab.dialog()).toContainText(
      'These notebooks use it: Untitled',
      { timeout: 10_000 }
    );
  }).toPass();
  await expect(lab.dialog()).not.toContainText('connected');
  await lab.dialog().getByRole('button', { name: 'Stop Cluster' }).click();
  await clusters.expectRow('hidden', /^hidden, Stopped/);
});
