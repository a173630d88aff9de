import { readdirSync } from 'node:fs';

import { expect, type Page, test } from '@playwright/test';

import { ClusterPage } from '../pages/cluster-page';
import { ClustersSection } from '../pages/clusters-section';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';
import { killOwners, processesOf } from '../servers/supervisor';

const SMALL = { Workers: '1', 'Memory of each worker': '300 MB' };

let server: JupyterServer;

test.beforeEach(async () => {
  server = await JupyterServer.start();
});

test.afterEach(() => server.stop());

/** Show the clusters in a tab of the browser. */
async function openIn(page: Page): Promise<ClustersSection> {
  // JupyterLab tells it in a dialog of its own when its server goes away.
  await page.addLocatorHandler(
    page.getByRole('dialog', { name: /^Server Connection Error/ }),
    told => told.getByRole('button', { name: 'Close' }).click()
  );
  const clusters = new ClustersSection(page);
  await new Lab(page, server).open('');
  await new JobsPanel(page).show();
  await clusters.unfold();
  return clusters;
}

/** Wait until nothing of a cluster is left: no process, no file. */
async function expectNothingLeft(id: string): Promise<void> {
  const left = () => [
    ...processesOf(id),
    ...readdirSync(server.folder, { recursive: true }).filter(name =>
      String(name).includes(id)
    )
  ];
  await expect.poll(left, { timeout: 60_000 }).toEqual([]);
}

test('in two tabs one scales while the other stops', async ({
  context,
  page
}) => {
  test.setTimeout(300_000);
  const clusters = await openIn(page);
  const other = await openIn(await context.newPage());
  await clusters.start({ Name: 'shared', ...SMALL });
  await other.expectRow('shared', /1 of 1 worker/);
  const id = await clusters.idOf('shared');

  await clusters.press('shared', 'Scale');
  await clusters.fill({ Workers: '2' });
  await other.press('shared', 'Stop');
  await other.dialog.getByRole('button', { name: 'Stop Cluster' }).click();
  await clusters.expectRow('shared', /^shared, Stopp/);
  await clusters.dialog.getByRole('button', { name: 'Scale' }).click();
  await expect(
    page
      .getByText(/It is being stopped|shared: Stopped\. Nothing was done/)
      .first()
  ).toBeVisible();
  for (const one of [clusters, other]) {
    await one.expectRow('shared', /^shared, Stopped.*Stopped by you/);
  }
  await expectNothingLeft(id);
});

test('its owner is killed while its page and a plot are open', async ({
  page
}) => {
  test.setTimeout(300_000);
  const lab = new Lab(page, server);
  const clusters = await openIn(page);
  await clusters.start({ Name: 'lost', ...SMALL });
  await clusters.expectRow('lost', /1 of 1 worker/);
  const id = await clusters.idOf('lost');
  await clusters.row('lost').click();
  const shown = new ClusterPage(page);
  await expect(shown.workers).toHaveCount(1, { timeout: 60_000 });
  await shown.openPlot('cluster mem');
  const plot = page.locator('.jp-BatchJobs-plotTab');
  await expect(shown.plot.locator('canvas').first()).toBeVisible({
    timeout: 60_000
  });

  killOwners(server.folder);
  await clusters.expectRow('lost', /^lost, Failed.*SIGKILL/);
  await expect(plot).toContainText('its plots are gone with it');
  await expect(plot.locator('iframe')).toHaveCount(0);
  await lab.tab('lost').click();
  await expect(shown.root).toContainText('SIGKILL');
  await expect(
    page.getByRole('alert').filter({ hasText: /^lost: .*SIGKILL/ })
  ).toHaveCount(1);
  await expectNothingLeft(id);
});

test('the Jupyter server is killed while clusters start, run and stop', async ({
  page
}) => {
  test.setTimeout(420_000);
  const clusters = await openIn(page);
  await clusters.start({ Name: 'pairs', ...SMALL });
  await clusters.expectRow('pairs', /, Starting/);
  const id = await clusters.idOf('pairs');
  const restart = async (): Promise<void> => {
    await server.kill();
    await server.restart();
  };

  await restart();
  await clusters.expectRow('pairs', /1 of 1 worker/);
  await restart();
  await clusters.expectRow('pairs', /1 of 1 worker(?!.* old)/);
  expect(await clusters.idOf('pairs')).toBe(id);

  await clusters.press('pairs', 'Stop');
  await clusters.dialog.getByRole('button', { name: 'Stop Cluster' }).click();
  await clusters.expectRow('pairs', /^pairs, Stopp/);
  await restart();
  await clusters.expectRow('pairs', /^pairs, Stopped.*Stopped by you/);
  await expect(
    clusters.root.getByRole('row', { name: /^pairs, / })
  ).toHaveCount(1);
  await expectNothingLeft(id);
});
