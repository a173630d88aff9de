import { randomUUID } from 'node:crypto';

import { expect, type Page, test } from '@playwright/test';

import { ClusterPage } from '../pages/cluster-page';
import { ClustersSection } from '../pages/clusters-section';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { DaskGateway } from '../servers/dask-gateway';
import { JupyterServer } from '../servers/jupyter-server';

/** Options of a small worker, by gateway. */
const SMALL = {
  local: { worker_memory_bytes: 320 * 2 ** 20, worker_cores: 1 },
  'dask-gateway': { worker_memory: 0.25, worker_cores: 1 }
};

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

/** What the WebSockets of plots bring, by the last parts of their addresses. */
class Sockets {
  constructor(page: Page) {
    page.on('websocket', socket => {
      const path = new URL(socket.url()).pathname.split('/dashboard/')[1];
      if (path) {
        this.open.push(path);
        socket.on('framereceived', () => this.heard.add(path));
        socket.on('close', () => this.open.splice(this.open.indexOf(path), 1));
      }
    });
  }

  readonly open: string[] = [];
  readonly heard = new Set<string>();
}

for (const [gatewayId, options] of Object.entries(SMALL)) {
  test(`plots of a cluster on ${gatewayId} live in tabs while they are seen`, async ({
    page
  }) => {
    test.setTimeout(300_000);
    const name = `plots-${gatewayId}`;
    const sockets = new Sockets(page);
    const lab = new Lab(page, server);
    const clusters = new ClustersSection(page);
    const shown = new ClusterPage(page);
    const id = await begin(name, gatewayId, options);
    await lab.open();
    await new JobsPanel(page).show();
    await clusters.expectRow(name, /1 of 1 worker/);
    await clusters.row(name).click();
    const map = async (): Promise<void> => {
      await expect(shown.plot.locator('circle.worker')).toHaveCount(1, {
        timeout: 60_000
      });
      await expect.poll(() => sockets.open).toEqual(['eventstream']);
      expect([...sockets.heard]).toContain('eventstream');
    };
    const plot = async (path: string): Promise<void> => {
      await expect(shown.plot.locator('canvas').first()).toBeVisible({
        timeout: 60_000
      });
      await expect.poll(() => sockets.open).toEqual([`${path}/ws`]);
      await expect.poll(() => [...sockets.heard]).toContain(`${path}/ws`);
    };

    await shown.openPlot('cluster map');
    await map();
    await lab.tab(name).click();
    await expect.poll(() => sockets.open).toEqual([]);
    await shown.openPlot('task stream');
    await plot('individual-task-stream');
    await lab.tab(name).click();
    await shown.openPlot('cluster memory');
    await plot('individual-cluster-memory');
    await lab.tab('Cluster Map').click();
    await map();

    // The workspace is kept a moment later.
    const kept = page.waitForResponse(
      answer =>
        answer.request().method() === 'PUT' &&
        answer.url().includes('/api/workspaces/')
    );
    await lab.tab('Task Stream').click();
    await plot('individual-task-stream');
    await kept;
    sockets.open.length = 0;
    sockets.heard.clear();
    await lab.reload();
    await lab.tab('Cluster Map').click();
    await map();
    await lab.tab('Cluster Memory').click();
    await plot('individual-cluster-memory');
    await lab.tab('Task Stream').click();
    await plot('individual-task-stream');

    await server.call('POST', `clusters/${id}/stop`, { body: {} });
    await expect(
      page.locator('.jp-BatchJobs-plotTab').filter({ visible: true })
    ).toContainText(/is stopp(ing|ed), and its plots are gone with it/);
    await expect.poll(() => sockets.open).toEqual([]);
  });
}

/** Start a cluster of one worker; return its id. */
async function begin(
  name: string,
  gatewayId: string,
  options: object
): Promise<string> {
  const workers = { kind: 'fixed', count: 1 };
  const answer = await server.call('POST', 'clusters', {
    key: randomUUID(),
    body: { gateway_id: gatewayId, spec: { name, workers, options } }
  });
  expect(answer.status, 'the start of a cluster').toBe(201);
  const { id } = await answer.json();
  return id;
}
