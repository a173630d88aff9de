import { expect, test } from '@playwright/test';

import { ClusterPage } from '../pages/cluster-page';
import { ClustersSection } from '../pages/clusters-section';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { JupyterServer } from '../servers/jupyter-server';
import { killWorkers } from '../servers/supervisor';

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

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('what goes wrong in a cluster stands in its row and on its page, and is told once', async ({
  page
}) => {
  test.setTimeout(480_000);
  const lab = new Lab(page, server);
  const clusters = new ClustersSection(page);
  const notebook = new Notebook(page);
  const needsYou = clusters.root.getByRole('rowheader', {
    name: 'Needs you · 1'
  });
  const told = (text: RegExp) =>
    page.getByRole('alert').filter({ hasText: text });
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
  await expect(needsYou).toBeVisible();
  await expect(
    told(/catalogue: 1 worker has used most of its memory/)
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
  await expect(told(/catalogue: \d workers ended within minutes/)).toHaveCount(
    1
  );
});
