import * as path from 'node:path';

import { expect, test } from '@playwright/test';

import { ClusterPage } from '../pages/cluster-page';
import { ClustersSection } from '../pages/clusters-section';
import { JobCard } from '../pages/job-card';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { JupyterServer } from '../servers/jupyter-server';
import { PROJECT } from '../servers/programs';
import { killOwners } from '../servers/supervisor';

/** Enough that there is something to see. */
const WORK = `futures = client.map(lambda n: sum(range(n * 1000)), range(400), pure=False)
print("computed", len(client.gather(futures)))`;

const IMAGES = path.join(PROJECT, 'docs/images');

for (const theme of ['JupyterLab Light', 'JupyterLab Dark'] as const) {
  const suffix = theme === 'JupyterLab Dark' ? 'dark' : 'light';

  test(`Dask clusters, in ${suffix}`, async ({ page }) => {
    const server = await JupyterServer.start({ theme });
    const panel = new JobsPanel(page);
    const take = async (name: string): Promise<void> => {
      // The buttons of a row that has the focus hide how many workers there are.
      await panel.root.getByRole('searchbox', { name: 'Filter jobs' }).focus();
      const file = path.join(IMAGES, `clusters-${name}-${suffix}.png`);
      await panel.root.screenshot({ path: file });
    };
    try {
      await new Lab(page, server).open();
      const clusters = new ClustersSection(page);
      await panel.show();
      await clusters.unfold();
      await clusters.open();
      await clusters.fill({
        Name: 'catalogue',
        Workers: '1',
        'Memory of each worker': '500 MB',
        'Stops when idle for': '2m'
      });
      await clusters.submit();
      await clusters.expectRow('catalogue', /, Starting/);
      await take('starting');
      await clusters.expectRow('catalogue', /, 1 of 1 worker/);
      await take('running');
      await expect(
        clusters.root.getByRole('rowheader', { name: 'Needs you · 1' })
      ).toBeVisible({ timeout: 120_000 });
      await take('idle');
      killOwners(server.folder);
      await clusters.expectRow('catalogue', /, Failed/);
      await take('lost');
    } finally {
      await server.stop();
    }
  });

  test(`the card of a cluster, in ${suffix}`, async ({ page }) => {
    const server = await JupyterServer.start({ theme });
    try {
      await new Lab(page, server).open('');
      const notebook = new Notebook(page);
      await notebook.create();
      await notebook.run('%load_ext jupyterlab_batch');
      await notebook.run(
        '%batch cluster start -n 1 --mem 500MB --name catalogue'
      );
      const card = new JobCard(page, 'catalogue').root;
      await expect(card).toContainText('1 of 1 worker', { timeout: 90_000 });
      await page.mouse.move(640, 700);
      await notebook.cell(1).screenshot({
        path: path.join(IMAGES, `clusters-card-${suffix}.png`)
      });
    } finally {
      await server.stop();
    }
  });

  test(`the page of a cluster and a plot, in ${suffix}`, async ({ page }) => {
    test.setTimeout(300_000);
    const server = await JupyterServer.start({ theme });
    const take = (name: string): Promise<Buffer> =>
      page.screenshot({
        path: path.join(IMAGES, `clusters-${name}-${suffix}.png`)
      });
    try {
      const lab = new Lab(page, server);
      await lab.open('');
      const notebook = new Notebook(page);
      await notebook.create();
      await new JobsPanel(page).show();
      const clusters = new ClustersSection(page);
      await clusters.unfold();
      await clusters.start({
        Name: 'catalogue',
        Workers: '2',
        'Memory of each worker': '500 MB'
      });
      await clusters.expectRow('catalogue', /2 of 2 workers/);
      await clusters.press('catalogue', 'Connect notebook to');
      await notebook.cell(0).locator('.cm-content').click();
      await page.keyboard.press('Shift+Enter');
      await notebook.run(WORK);
      await expect(notebook.root).toContainText('computed 400', {
        timeout: 120_000
      });
      await clusters.row('catalogue').click();
      const shown = new ClusterPage(page);
      await expect(shown.workers).toHaveCount(2, { timeout: 60_000 });
      await page.mouse.move(640, 890);
      await take('page');
      await shown.root.getByRole('button', { name: 'Open Dask plot…' }).click();
      const finder = lab.dialog().getByRole('combobox');
      await finder.fill('task stream');
      await finder.press('Enter');
      const plot = page.frameLocator('.jp-BatchJobs-plotTab iframe');
      await expect(plot.locator('canvas').first()).toBeVisible({
        timeout: 60_000
      });
      await lab.tab('Untitled.ipynb').click();
      await notebook.run(WORK);
      await lab.tab('Task Stream').click();
      await expect(plot.locator('canvas').first()).toBeVisible({
        timeout: 60_000
      });
      await take('plot');
    } finally {
      await server.stop();
    }
  });
}
