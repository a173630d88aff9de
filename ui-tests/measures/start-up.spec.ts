import { expect, type Page } from '@playwright/test';

import { ClustersSection } from '../pages/clusters-section';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { type IScript, watchScripts } from '../pages/start-up-scripts';
import type { JupyterServer } from '../servers/jupyter-server';
import { withNeighbour } from '../servers/neighbour';
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

test('scripts of Dask clusters, when their section is opened', async ({
  page,
  start
}) => {
  const server = await start();
  const loaded = watchScripts(page, 'jupyterlab-batch');
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  // Else scripts of the jobs, which come by and by, were counted as those of clusters.
  await expect(panel.root).toContainText('No jobs yet');
  const before = gzipBytes(await loaded());
  const clusters = new ClustersSection(page);
  await clusters.unfold();
  await expect(clusters.root).toContainText('No Dask cluster');
  const section = gzipBytes(await loaded());
  await clusters.open();
  await expect(
    clusters.dialog.getByRole('textbox', { name: 'Workers', exact: true })
  ).toBeVisible();
  const form = gzipBytes(await loaded());
  const theirs = await start({ environment: withNeighbour() });
  keep('cluster-scripts', {
    section_gzip_bytes: section - before,
    form_gzip_bytes: form - section,
    dask_gzip_bytes: await measure(page, theirs, 'dask-labextension')
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
  return gzipBytes(scripts);
}

function gzipBytes(scripts: readonly IScript[]): number {
  return scripts.reduce((sum, script) => sum + script.gzipBytes, 0);
}
