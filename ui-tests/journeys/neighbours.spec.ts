import { expect, test } from '@playwright/test';

import { ClustersSection } from '../pages/clusters-section';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';
import {
  broughtBy,
  NEIGHBOURS_DATA,
  OUR_DATA,
  withNeighbour
} from '../servers/neighbour';

/** JupyterLab itself, as `expose_app_in_browser` shows it. */
interface IExposed {
  jupyterapp: {
    commands: { listCommands(): string[] };
    listPlugins(): string[];
    isPluginActivated(id: string): boolean;
    shell: { widgets(area: string): Iterable<{ id: string }> };
  };
}

/** Cells that are dragged are JupyterLab's own. */
const SHARED = ['application/vnd.jupyter.cells'];

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start({
    environment: withNeighbour(),
    config:
      "c.BatchExtension.gateways = [{'kind': 'local'}]\n" +
      'c.LabApp.expose_app_in_browser = True'
  });
});

test.afterAll(() => server.stop());

test('beside dask-labextension nothing clashes, and both panels open', async ({
  page
}) => {
  const theirs = broughtBy('dask-labextension', NEIGHBOURS_DATA);
  const ours = broughtBy('jupyterlab-batch', OUR_DATA);
  const { schemas, mimeTypes } = theirs;
  expect(schemas.length * ours.schemas.length).toBeGreaterThan(0);
  expect(ours.schemas.filter(id => schemas.includes(id))).toEqual([]);
  expect(ours.mimeTypes.filter(type => mimeTypes.includes(type))).toEqual(
    SHARED
  );

  const complaints: string[] = [];
  page.on('console', message => {
    if (/already registered|failed to activate/i.test(message.text())) {
      complaints.push(message.text());
    }
  });
  await new Lab(page, server).open();
  const registered = await page.evaluate(() => {
    const app = (window as never as IExposed).jupyterapp;
    return {
      commands: app.commands.listCommands(),
      idle: app
        .listPlugins()
        .filter(id => /^(dask-labextension|jupyterlab-batch):/.test(id))
        .filter(id => !app.isPluginActivated(id)),
      sides: [...app.shell.widgets('left')].map(({ id }) => id)
    };
  });
  expect(complaints).toEqual([]);
  for (const start of ['dask:', 'jupyterlab-batch:']) {
    expect(registered.commands.join(' ')).toContain(start);
  }
  // Services start with the first who needs them.
  expect(registered.idle.filter(id => !/(client|store)$/.test(id))).toEqual([]);
  expect(new Set(registered.sides).size).toBe(registered.sides.length);

  const panel = new JobsPanel(page);
  const clusters = new ClustersSection(page);
  await page
    .getByRole('tablist', { name: 'main sidebar' })
    .getByRole('tab', { name: /^Dask/ })
    .click();
  await expect(page.locator('#dask-dashboard-launcher')).toContainText(
    /clusters/i
  );
  await panel.show();
  await clusters.unfold();
  await expect(clusters.root).toContainText('No Dask clusters yet.');
});
