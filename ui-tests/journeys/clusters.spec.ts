import { expect, test } from '@playwright/test';

import { expectAccessible } from '../pages/accessible';
import { ClustersSection } from '../pages/clusters-section';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { watchScripts } from '../pages/start-up-scripts';
import { JupyterServer } from '../servers/jupyter-server';

/** Stands in scripts of clusters, and in no other. */
const ONLY_OF_CLUSTERS = 'worker_memory_bytes';

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('a cluster is started, used, scaled, survives the server, and is stopped', async ({
  page
}) => {
  test.setTimeout(300_000);
  const scripts = watchScripts(page, 'jupyterlab-batch');
  const lab = new Lab(page, server);
  const clusters = new ClustersSection(page);
  const notebook = new Notebook(page);
  await lab.open();
  await notebook.create();
  await new JobsPanel(page).show();
  await expect(clusters.title).toBeVisible();
  for (const { path } of await scripts()) {
    const script = await page.request.get(server.url(path.slice(1)));
    expect(await script.text(), path).not.toContain(ONLY_OF_CLUSTERS);
  }

  await clusters.unfold();
  await expect(clusters.root).toContainText('No Dask clusters yet.');
  await clusters.open();
  await clusters.fill({
    Name: 'catalogue',
    Workers: '1',
    'Cores of each worker': '1',
    'Memory of each worker': '500 MB'
  });
  await expect(clusters.dialog.getByRole('status')).toHaveText(
    '1 worker with 1 core and 500 MB of memory in all: 1 core-hour for each hour that it runs'
  );
  await clusters.submit();
  await clusters.expectRow('catalogue', /1 of 1 worker/);
  await expectAccessible(page, '#jupyterlab-batch-jobs');

  await clusters.press('catalogue', 'Connect notebook to');
  await expect(notebook.cell(0)).toContainText('scheduler_file=');
  await notebook.cell(0).locator('.cm-content').click();
  await page.keyboard.press('Shift+Enter');
  await notebook.run('print("result", client.submit(lambda: 1 + 1).result())');
  await expect(notebook.root).toContainText('result 2', { timeout: 90_000 });

  await clusters.press('catalogue', 'Scale');
  const dialog = lab.dialog();
  await expectAccessible(page, '.jp-Dialog-content');
  await dialog.getByRole('textbox', { name: 'Workers' }).fill('99');
  await dialog.getByRole('button', { name: 'Scale' }).click();
  await expect(
    page.getByText(/catalogue: Reduced to \d/).first()
  ).toBeVisible();

  // JupyterLab tells it in a dialog of its own.
  await page.addLocatorHandler(
    page.getByRole('dialog', { name: /^Server Connection Error/ }),
    told => told.getByRole('button', { name: 'Close' }).click()
  );
  await server.kill();
  await server.restart();
  await clusters.expectRow('catalogue', /, (Running|Idle), /);

  await clusters.press('catalogue', 'Stop');
  await expect(dialog).toContainText(/These notebooks use it: .*Untitled/);
  await dialog.getByRole('button', { name: 'Stop Cluster' }).click();
  await clusters.expectRow('catalogue', /^catalogue, Stopped/);
  await page.keyboard.press('Delete');
  await dialog.getByRole('button', { name: 'Forget Cluster' }).click();
  await expect(clusters.row('catalogue')).toHaveCount(0);
});
