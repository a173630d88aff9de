import * as path from 'node:path';

import { expect, test } from '@playwright/test';

import { ClusterPage } from '../pages/cluster-page';
import { ClustersSection } from '../pages/clusters-section';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { DaskGateway } from '../servers/dask-gateway';
import { JupyterServer } from '../servers/jupyter-server';
import { PROJECT } from '../servers/programs';

const IMAGES = path.join(PROJECT, 'docs/images');

let gateway: DaskGateway;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  gateway = await DaskGateway.start();
});

test.afterAll(async () => {
  test.setTimeout(120_000);
  await gateway.stop();
});

for (const theme of ['JupyterLab Light', 'JupyterLab Dark'] as const) {
  const suffix = theme === 'JupyterLab Dark' ? 'dark' : 'light';

  test(`form and page of a cluster on a Dask Gateway, in ${suffix}`, async ({
    page
  }) => {
    test.setTimeout(300_000);
    const server = await JupyterServer.start({ theme, config: gateway.config });
    const fileOf = (name: string): string =>
      path.join(IMAGES, `dask-gateway-${name}-${suffix}.png`);
    try {
      const panel = new JobsPanel(page);
      const clusters = new ClustersSection(page);
      await new Lab(page, server).open();
      await panel.show();
      await clusters.unfold();
      await clusters.open();
      await clusters.dialog.getByLabel('Gateway').selectOption('Dask Gateway');
      await clusters.dialog.getByLabel('Image').selectOption('Weekly');
      await clusters.fill({
        Name: 'survey',
        Workers: '2',
        'Memory per worker (GiB)': '0.25',
        'Environment variables': 'OMP_NUM_THREADS=1'
      });
      await page
        .locator('.jp-Dialog-content')
        .screenshot({ path: fileOf('form') });
      await clusters.submit();
      await clusters.expectRow('survey', /2 of 2 workers/);
      await clusters.row('survey').click();
      const shown = new ClusterPage(page);
      await expect(shown.workers).toHaveCount(2, { timeout: 60_000 });
      // The buttons of a row that has the focus hide how many workers there are.
      await panel.root.getByRole('searchbox', { name: 'Filter jobs' }).focus();
      await page.mouse.move(640, 790);
      await page.screenshot({ path: fileOf('page') });
      await clusters.press('survey', 'Stop');
      await clusters.dialog
        .getByRole('button', { name: 'Stop Cluster' })
        .click();
      await clusters.expectRow('survey', /^survey, Stopp/);
    } finally {
      await server.stop();
    }
  });
}
