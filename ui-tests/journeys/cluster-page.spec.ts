import { expect, type Page, test } from '@playwright/test';

import { expectAccessible } from '../pages/accessible';
import { execute, EXPOSED } from '../pages/application';
import { ClusterPage } from '../pages/cluster-page';
import { ClustersSection } from '../pages/clusters-section';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { expectReadable } from '../pages/layout';
import { expectAccessibleInAllThemes } from '../pages/themes';
import { LONGER_WORDS, translate } from '../pages/translation';
import { JupyterServer, LOCAL_ONLY } from '../servers/jupyter-server';

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start({ config: `${LOCAL_ONLY}\n${EXPOSED}` });
});

test.afterAll(() => server.stop());

/** Count the WebSockets of plots that are open. */
function watchPlotSockets(page: Page): () => number {
  let open = 0;
  page.on('websocket', socket => {
    if (socket.url().includes('/dashboard/')) {
      open += 1;
      socket.on('close', () => {
        open -= 1;
      });
    }
  });
  return () => open;
}

async function expectEveryTabReadable({ root }: ClusterPage): Promise<void> {
  for (const tab of await root.getByRole('tab').all()) {
    await tab.click();
    await expectReadable(root);
  }
}

/** Look at what is shown at 1024 pixels, and as it is at 200 and 400 % of a larger screen. */
async function atAllWidths(
  page: Page,
  look: () => Promise<void>
): Promise<void> {
  const usual = page.viewportSize() ?? { width: 1280, height: 800 };
  for (const [width, height] of [
    [1024, 768],
    [640, 512],
    [320, 256]
  ]) {
    await page.setViewportSize({ width, height });
    await look();
  }
  await page.setViewportSize(usual);
}

test('with longer words the page of a cluster is read at any width, and from right to left', async ({
  page
}) => {
  const workers = { kind: 'fixed', count: 1 };
  const answer = await server.call('POST', 'clusters', {
    key: 'cluster-page-longer',
    body: { gateway_id: 'local', spec: { name: 'longer', workers } }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  const { id } = await answer.json();
  translate(server, LONGER_WORDS);
  try {
    await new Lab(page, server).open();
    await execute(page, 'jupyterlab-batch:open-cluster', { cluster_id: id });
    await execute(page, 'application:toggle-left-area');
    const shown = new ClusterPage(page);
    await expect(shown.workers).toHaveCount(1, { timeout: 90_000 });
    for (const dir of ['ltr', 'rtl']) {
      await page.evaluate(to => (document.documentElement.dir = to), dir);
      await atAllWidths(page, () => expectEveryTabReadable(shown));
    }
  } finally {
    translate(server, {});
    await server.call('POST', `clusters/${id}/stop`);
  }
});

test('a cluster has a page, a worker is retired, and a plot is there while it is seen', async ({
  page
}) => {
  test.setTimeout(500_000);
  const sockets = watchPlotSockets(page);
  const lab = new Lab(page, server);
  const clusters = new ClustersSection(page);
  await lab.open();
  await new JobsPanel(page).show();
  await clusters.unfold();
  await clusters.start({
    Name: 'catalogue',
    Workers: '2',
    'Memory of each worker': '400 MB'
  });
  await clusters.expectRow('catalogue', /2 of 2 workers/);
  await clusters.row('catalogue').click();
  const shown = new ClusterPage(page);
  await expect(shown.root.getByRole('heading', { level: 2 })).toHaveText(
    'catalogue'
  );
  await expect(shown.workers).toHaveCount(2, { timeout: 60_000 });
  await expect(shown.worker('0')).toContainText('Running');
  await expect(shown.root.getByRole('log')).toContainText(
    /Nothing written yet|distributed/
  );
  await expectAccessibleInAllThemes(page, '.jp-BatchJobs-jobWidget');
  await execute(page, 'application:toggle-left-area');
  await atAllWidths(page, () => expectEveryTabReadable(shown));
  await shown.root.getByRole('button', { name: 'Scale…' }).click();
  const scale = lab.dialog().locator('.jp-Dialog-content');
  await expect(scale).toContainText('Now: 2 of 2 workers');
  await expectAccessibleInAllThemes(page, '.jp-Dialog-content');
  await atAllWidths(page, () => expectReadable(scale));
  await scale.press('Escape');
  await shown.root.getByRole('tab', { name: /^Workers/ }).click();
  await execute(page, 'application:toggle-left-area');

  await shown.retire('1');
  await expect(shown.workers).toHaveCount(1, { timeout: 60_000 });
  await clusters.expectRow('catalogue', /1 of 1 worker/);

  await shown.root.getByRole('button', { name: 'Open Dask plot…' }).click();
  const finder = lab.dialog().getByRole('combobox');
  await finder.fill('cluster mem');
  await expect(lab.dialog().getByRole('option')).toHaveCount(1);
  await expectAccessible(page, '.jp-Dialog-content');
  await finder.press('Enter');
  const plot = page.frameLocator('.jp-BatchJobs-plotTab iframe');
  await expect(plot.locator('canvas').first()).toBeVisible({ timeout: 60_000 });
  await expect.poll(sockets).toBe(1);

  await lab.tab('catalogue').click();
  await expect.poll(sockets, { timeout: 30_000 }).toBe(0);
  await lab.tab('Cluster Memory').click();
  await expect.poll(sockets, { timeout: 30_000 }).toBe(1);
  await expect(plot.locator('canvas').first()).toBeVisible({ timeout: 60_000 });

  // The workspace is kept a moment later.
  const kept = page.waitForResponse(
    answer =>
      answer.request().method() === 'PUT' &&
      answer.url().includes('/api/workspaces/')
  );
  await lab.tab('catalogue').click();
  await lab.tab('Cluster Memory').click();
  await kept;
  await lab.reload();
  await expect(lab.tab('catalogue')).toBeVisible();
  // Which of them was in front may have been kept a moment too early.
  await lab.tab('Cluster Memory').click();
  await expect(plot.locator('canvas').first()).toBeVisible({ timeout: 60_000 });

  await new JobsPanel(page).show();
  await clusters.press('catalogue', 'Stop');
  await lab.dialog().getByRole('button', { name: 'Stop Cluster' }).click();
  await expect(page.locator('.jp-BatchJobs-plotTab')).toContainText(
    /catalogue is stopp(ing|ed), and its plots are gone with it/
  );
  await lab.tab('catalogue').click();
  await expect(shown.root).toContainText('Stopped', { timeout: 60_000 });
  await expectAccessible(page, '.jp-BatchJobs-jobWidget');
});
