import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { expectAccessible } from '../pages/accessible';
import { ClusterPage } from '../pages/cluster-page';
import { ClustersSection } from '../pages/clusters-section';
import { JobCard } from '../pages/job-card';
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
  const heard = watchEvents(page);
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
  const widths = await dialog
    .locator(
      ':is(select, textarea, :not(.jp-BatchJobs-fields) > .jp-BatchJobs-field > input)'
    )
    .evaluateAll(all => all.map(field => field.getBoundingClientRect().width));
  expect(new Set(widths).size, widths.join(', ')).toBe(1);
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
  await expect(dialog).toContainText(
    '1 client is connected; the gateway does not tell from where.'
  );
  await dialog.getByRole('button', { name: 'Stop Cluster' }).click();
  await clusters.expectRow('survey', /^survey, Stopped.*Stopped by you/);
  await expectNoKey(heard);
});

test('a cluster on a Dask Gateway has a card, a page and a plot as a tab', async ({
  page
}) => {
  test.setTimeout(300_000);
  const lab = new Lab(page, server);
  const notebook = new Notebook(page);
  await lab.open('');
  await notebook.create();
  await notebook.run('%load_ext jupyterlab_batch');
  await notebook.run(
    '%batch cluster start --gateway dask-gateway -n 1 --name sky'
  );
  const card = new JobCard(page, 'sky').root;
  await expect(card).toContainText('1 of 1 worker', { timeout: 120_000 });
  await expect(card).toContainText('on Dask Gateway');

  const clusters = new ClustersSection(page);
  await new JobsPanel(page).show();
  await clusters.unfold();
  await clusters.row('sky').click();
  const shown = new ClusterPage(page);
  await expect(shown.workers).toHaveCount(1, { timeout: 60_000 });
  await expect(shown.workers).toContainText('Running');
  await expect(shown.root.getByRole('button', { name: /Retire/ })).toHaveCount(
    0
  );
  await expect(shown.root.getByRole('log')).toHaveCount(0);
  await expectAccessible(page, '.jp-BatchJobs-jobWidget');
  await shown.openPlot('task stream');
  await expect(shown.plot.locator('canvas').first()).toBeVisible({
    timeout: 60_000
  });
});

test('a Dask Gateway that hangs is waited for: list, page and form say how old, what is unharmed, and go on', async ({
  page
}) => {
  test.setTimeout(300_000);
  const clusters = new ClustersSection(page);
  const shown = new ClusterPage(page);
  const { dialog } = clusters;
  const workers = { kind: 'fixed', count: 0 };
  const started = await server.call('POST', 'clusters', {
    key: randomUUID(),
    body: {
      gateway_id: 'dask-gateway',
      spec: { name: 'quiet', workers, options: {} }
    }
  });
  expect(started.status).toBe(201);
  await new Lab(page, server).open('');
  await new JobsPanel(page).show();
  // It unfolds by itself, as there is a cluster.
  await expect(clusters.root).toBeVisible({ timeout: 60_000 });
  await clusters.expectRow('quiet', /0 of 0 workers(?!.* old)/);
  await clusters.row('quiet').click();
  await expect(shown.root).toContainText('0 of 0 workers', { timeout: 60_000 });

  gateway.pause(true);
  try {
    await clusters.expectRow('quiet', /0 of 0 workers.* old/);
    await expect(shown.root).toContainText(/0 of 0 workers · .* old/);
    await expect(shown.root.getByRole('note')).toContainText(
      /did not answer .*What you see is of .*Nothing was done to the cluster/,
      { timeout: 60_000 }
    );
    await clusters.open();
    await dialog.getByLabel('Gateway').selectOption('Dask Gateway');
    await expect(dialog.getByRole('note')).toContainText('did not answer');
    await clusters.fill({ Name: 'later', Workers: '0' });
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    const failure = dialog.getByRole('alert');
    await expect(failure).toContainText(
      'Nothing was sent, and your form is kept.',
      { timeout: 60_000 }
    );
    await expect(failure).toBeInViewport({ ratio: 1 });
    await expectAccessible(page, '.jp-Dialog-content');
  } finally {
    gateway.pause(false);
  }
  await clusters.expectRow('quiet', /0 of 0 workers(?!.* old)/);
  await expect(shown.root.getByRole('note')).toHaveCount(0, {
    timeout: 60_000
  });
  await expect(shown.root).not.toContainText(/ old/);
  await expect(dialog.getByRole('note')).toHaveCount(0, { timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(dialog).toHaveCount(0, { timeout: 60_000 });
  await clusters.expectRow('later', /0 of 0 workers/);
});

/** Hear what the event stream brings to a page. */
function watchEvents(page: Page): readonly string[] {
  const heard: string[] = [];
  page.on('websocket', socket => {
    if (socket.url().includes('/api/events/subscribe')) {
      socket.on('framereceived', ({ payload }) => heard.push(String(payload)));
    }
  });
  return heard;
}

/** The gateway puts the private key of each cluster into its list: it is nowhere with us. */
async function expectNoKey(heard: readonly string[]): Promise<void> {
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
  expect(heard.join()).toContain('jupyterlab');
  for (const text of [...kept, ...answers, ...server.log, ...heard]) {
    expect(text).not.toMatch(/PRIVATE KEY|BEGIN CERTIFICATE/);
  }
}
