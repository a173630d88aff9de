import * as path from 'node:path';

import { expect, test } from '@playwright/test';

import { ClustersSection } from '../pages/clusters-section';
import { JobCard } from '../pages/job-card';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { JupyterServer } from '../servers/jupyter-server';
import { PROJECT } from '../servers/programs';
import { killOwners } from '../servers/supervisor';

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
      await page
        .getByRole('main')
        .getByRole('button', { name: /^Python 3/ })
        .first()
        .click();
      const notebook = new Notebook(page);
      await notebook.expectReady();
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
}
