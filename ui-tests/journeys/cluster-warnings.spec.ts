import { expect, type Locator, type Page, test } from '@playwright/test';

import { ClusterPage } from '../pages/cluster-page';
import { ClustersSection } from '../pages/clusters-section';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { JupyterServer } from '../servers/jupyter-server';
import { killWorkers, signalOwners } from '../servers/supervisor';

/** Takes most of what a worker may have, and keeps it until it is cancelled or killed. */
const FILL = `
def fill():
    import time, psutil
    from distributed import get_worker
    most = int(0.87 * get_worker().memory_manager.memory_limit)
    taken = bytearray(b"x") * max(0, most - psutil.Process().memory_info().rss)
    time.sleep(600)
    return len(taken)
full = client.submit(fill, pure=False)`;

/** Lets this kernel say that it has a numpy of long ago. */
const OTHER_NUMPY = `
from distributed import versions
found = versions.version
versions.version = lambda name: "0.0.1" if name == "numpy" else found(name)`;

let server: JupyterServer;

test.beforeEach(async () => {
  server = await JupyterServer.start();
});

test.afterEach(() => server.stop());

/** What is told of a cluster wherever its user looks. */
function told(page: Page, text: RegExp): Locator {
  return page.getByRole('alert').filter({ hasText: text });
}

/** The heading of the clusters that somebody must look at. */
function needsYou(clusters: ClustersSection): Locator {
  return clusters.root.getByRole('rowheader', { name: 'Needs you · 1' });
}

test('what goes wrong in a cluster stands in its row and on its page, and is told once', async ({
  page
}) => {
  test.setTimeout(480_000);
  const lab = new Lab(page, server);
  const clusters = new ClustersSection(page);
  const notebook = new Notebook(page);
  await lab.open('');
  await notebook.create();
  await new JobsPanel(page).show();
  await clusters.unfold();
  await clusters.start({
    Name: 'catalogue',
    Workers: '2',
    'Memory of each worker': '320 MB'
  });
  await clusters.expectRow('catalogue', /2 of 2 workers/);
  const id = await clusters.idOf('catalogue');

  await clusters.press('catalogue', 'Connect notebook to');
  await notebook.cell(0).locator('.cm-content').click();
  await page.keyboard.press('Shift+Enter');
  await notebook.run(FILL);
  await clusters.expectRow('catalogue', /memory of 1 worker almost full/);
  await expect(needsYou(clusters)).toBeVisible();
  await expect(
    told(page, /catalogue: 1 worker has used most of its memory/)
  ).toHaveCount(1);

  await clusters.row('catalogue').click();
  const shown = new ClusterPage(page);
  await expect(shown.root).toContainText('has used most of its memory');
  await expect(async () => {
    killWorkers(id);
    await expect(clusters.row('catalogue')).toHaveAccessibleName(
      /workers killed in a row/,
      { timeout: 20_000 }
    );
  }).toPass({ timeout: 180_000 });
  await expect(shown.root).toContainText('ended within minutes');
  await expect(
    told(page, /catalogue: \d workers ended within minutes/)
  ).toHaveCount(1);
});

test('other versions in a notebook and a silent scheduler are told of, and over when they are', async ({
  page
}) => {
  test.setTimeout(480_000);
  const clusters = new ClustersSection(page);
  const notebook = new Notebook(page);
  await new Lab(page, server).open('');
  await notebook.create();
  await notebook.run(OTHER_NUMPY);
  await new JobsPanel(page).show();
  await clusters.unfold();
  await clusters.start({
    Name: 'survey',
    Workers: '1',
    'Memory of each worker': '320 MB'
  });
  await clusters.expectRow('survey', /1 of 1 worker/);

  await clusters.press('survey', 'Connect notebook to');
  await notebook.cell(1).locator('.cm-content').click();
  await page.keyboard.press('Shift+Enter');
  await expect(
    told(page, /survey: .*numpy 0\.0\.1 in the notebook/)
  ).toHaveCount(1, { timeout: 60_000 });
  await clusters.expectRow('survey', /versions differ from those/);
  await expect(needsYou(clusters)).toBeVisible();
  await expect(notebook.root).toContainText('numpy is 0.0.1 in this notebook');
  await clusters.row('survey').click();
  const shown = new ClusterPage(page);
  await expect(shown.root).toContainText('numpy 0.0.1 in the notebook');
  await new Lab(page, server).tab('Untitled.ipynb').click();
  await notebook.run('client.close()');
  await clusters.expectRow('survey', /^(?!.*versions differ)/);
  await expect(needsYou(clusters)).toHaveCount(0);

  signalOwners(server.folder, 'SIGSTOP');
  await expect(
    told(page, /The scheduler of survey has not been heard of since/)
  ).toHaveCount(1, { timeout: 150_000 });
  await expect(needsYou(clusters)).toBeVisible();
  await clusters.expectRow('survey', /old/);
  signalOwners(server.folder, 'SIGCONT');
  await clusters.expectRow('survey', /1 of 1 worker(?!.* old)/);
  await expect(needsYou(clusters)).toHaveCount(0);
});

test('a cluster without work is told of before it stops, and when it has', async ({
  page
}) => {
  test.setTimeout(480_000);
  const clusters = new ClustersSection(page);
  await new Lab(page, server).open();
  await new JobsPanel(page).show();
  await clusters.unfold();
  await clusters.start({
    Name: 'forgotten',
    Workers: '1',
    'Memory of each worker': '320 MB',
    'Stops when idle for': '2m'
  });
  await clusters.expectRow('forgotten', /Idle .*stops in/);
  await expect(
    told(page, /forgotten has no work and stops in \d+ s/)
  ).toHaveCount(1, { timeout: 150_000 });
  await expect(needsYou(clusters)).toBeVisible();
  await expect(
    told(page, /forgotten: Stopped by itself after 2 min without work/)
  ).toHaveCount(1, { timeout: 150_000 });
  await clusters.expectRow('forgotten', /^forgotten, Stopped.*without work/);
  await expect(needsYou(clusters)).toHaveCount(0);
});
