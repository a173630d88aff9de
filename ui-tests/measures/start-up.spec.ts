import { expect, type Page } from '@playwright/test';

import { Lab } from '../pages/lab';
import { watchScripts } from '../pages/start-up-scripts';
import type { JupyterServer } from '../servers/jupyter-server';
import { keep } from './results';
import { SCHEDULER, SLURM_DASHBOARD, test } from './servers';

test('scripts before JupyterLab is usable', async ({ page, start }) => {
  keep('start-up', {
    ours_gzip_bytes: await measure(page, await start(), 'jupyterlab-batch'),
    scheduler_gzip_bytes: await measure(
      page,
      await start(SCHEDULER),
      '@jupyterlab/scheduler'
    ),
    slurm_gzip_bytes: await measure(
      page,
      await start(SLURM_DASHBOARD),
      'jupyterlab-slurm'
    )
  });
});

async function measure(
  page: Page,
  server: JupyterServer,
  extension: string
): Promise<number> {
  const loaded = watchScripts(page, extension);
  await new Lab(page, server).open();
  const scripts = await loaded();
  expect(scripts.length, `scripts of ${extension}`).toBeGreaterThan(0);
  return scripts.reduce((sum, script) => sum + script.gzipBytes, 0);
}
