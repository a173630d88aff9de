import * as path from 'node:path';

import { type Page, test } from '@playwright/test';

import { Lab } from '../pages/lab';
import { watchScripts } from '../pages/start-up-scripts';
import { type IServerOptions, JupyterServer } from '../servers/jupyter-server';
import { PROJECT } from '../servers/programs';
import { keep } from './results';

const NEIGHBOUR = { programs: path.join(PROJECT, '.venv-bench/bin') };

test('scripts before JupyterLab is usable', async ({ page }) => {
  keep('start-up', {
    ours_gzip_bytes: await measure(page, {}, 'jupyterlab-batch'),
    scheduler_gzip_bytes: await measure(
      page,
      NEIGHBOUR,
      '@jupyterlab/scheduler'
    )
  });
});

async function measure(
  page: Page,
  options: IServerOptions,
  extension: string
): Promise<number> {
  const server = await JupyterServer.start(options);
  const loaded = watchScripts(page, extension);
  await new Lab(page, server).open();
  const scripts = await loaded();
  await server.stop();
  return scripts.reduce((sum, script) => sum + script.gzipBytes, 0);
}
