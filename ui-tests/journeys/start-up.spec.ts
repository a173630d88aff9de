import { expect, test } from '@playwright/test';

import { Lab } from '../pages/lab';
import { watchScripts } from '../pages/start-up-scripts';
import { JupyterServer } from '../servers/jupyter-server';

const BUDGET_BYTES = 12 * 1024;

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('before JupyterLab is usable we load at most 12 KiB', async ({ page }) => {
  const loaded = watchScripts(page, 'jupyterlab-batch');
  await new Lab(page, server).open();

  const scripts = await loaded();
  expect(scripts.length).toBeGreaterThan(0);
  const total = scripts.reduce((sum, script) => sum + script.gzipBytes, 0);
  expect(total, JSON.stringify(scripts)).toBeLessThanOrEqual(BUDGET_BYTES);
});

test('a start asks our own store once and no gateway', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', request => {
    const { pathname } = new URL(request.url());
    if (pathname.includes('/jupyterlab-batch/v1/')) {
      asked.push(pathname);
    }
  });
  await new Lab(page, server).open();

  expect(asked.length, asked.join('\n')).toBeLessThanOrEqual(1);
});
