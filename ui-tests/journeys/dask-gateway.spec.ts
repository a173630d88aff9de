import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, test } from '@playwright/test';

import { expectAccessible } from '../pages/accessible';
import { ClustersSection } from '../pages/clusters-section';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { DaskGateway } from '../servers/dask-gateway';
import { JupyterServer } from '../servers/jupyter-server';

let gateway: DaskGateway;
let server: JupyterServer;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  gateway = await DaskGateway.start();
  server = await JupyterServer.start({ config: gateway.config });
});

test.afterAll(async () => {
  test.setTimeout(120_000);
  await server.stop();
  await gateway.stop();
});

test('a cluster on a Dask Gateway is started, used, scaled and stopped', async ({
  page
}) => {
  test.setTimeout(300_000);
  const lab = new Lab(page, server);
  const clusters = new ClustersSection(page);
  const notebook = new Notebook(page);
  await lab.open();
  await notebook.create();
  await new JobsPanel(page).show();
  await clusters.unfold();

  await clusters.open();
  const dialog = clusters.dialog;
  await dialog.getByLabel('Gateway').selectOption('Dask Gateway');
  await dialog.getByLabel('Image').selectOption('Weekly');
  await expect(dialog.getByLabel('Stops when idle for')).toHaveCount(0);
  await clusters.fill({
    Name: 'survey',
    Workers: '1',
    'Cores per worker': '9',
    'Memory per worker (GiB)': '64',
    'Environment variables': 'OMP_NUM_THREADS=1'
  });
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(dialog).toContainText('This is at most 4.');
  await expect(dialog).toContainText('This is at most 2.');
  await expectAccessible(page, '.jp-Dialog-content');
  await clusters.fill({
    'Cores per worker': '1',
    'Memory per worker (GiB)': '0.25'
  });
  await clusters.submit();
  await clusters.expectRow('survey', /1 of 1 worker.*Dask Gateway/);

  await clusters.press('survey', 'Connect notebook to');
  await expect(notebook.cell(0)).toContainText('gateway.connect(');
  await expect(notebook.cell(0)).toContainText(gateway.secretFile);
  await notebook.cell(0).locator('.cm-content').click();
  await page.keyboard.press('Shift+Enter');
  await notebook.run('print("result", client.submit(lambda: 6 * 7).result())');
  await expect(notebook.root).toContainText('result 42', { timeout: 90_000 });

  await clusters.press('survey', 'Scale');
  await dialog.getByRole('textbox', { name: 'Workers' }).fill('99');
  await dialog.getByRole('button', { name: 'Scale' }).click();
  await expect(
    page.getByText(/survey: Reduced to 3 workers/).first()
  ).toBeVisible();
  await clusters.expectRow('survey', /3 of 3 workers/);
  await expectAccessible(page, '#jupyterlab-batch-jobs');

  await clusters.press('survey', 'Stop');
  await expect(dialog).toContainText(/These notebooks use it: .*Untitled/);
  await dialog.getByRole('button', { name: 'Stop Cluster' }).click();
  await clusters.expectRow('survey', /^survey, Stopped.*Stopped by you/);
  await expectNoKey();
});

/** The gateway puts the private key of each cluster into its list: it is nowhere with us. */
async function expectNoKey(): Promise<void> {
  const folder = path.dirname(server.storePath);
  const kept = readdirSync(folder).map(name =>
    readFileSync(path.join(folder, name), 'latin1')
  );
  const answers = await Promise.all(
    ['clusters', 'clusters/gateways'].map(async endpoint =>
      (await server.call('GET', endpoint)).text()
    )
  );
  expect(answers.join()).toContain('survey');
  for (const text of [...kept, ...answers, ...server.log]) {
    expect(text).not.toContain('PRIVATE KEY');
  }
}
