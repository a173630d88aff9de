import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { noteToasts, toasts } from '../pages/toasts';
import { JupyterServer } from '../servers/jupyter-server';

/** A neighbour sends 216 requests in 30 s, and shows up to 68 notices at once. */
const MOST_REQUESTS = 60;
const MOST_ABOUT_GATEWAYS = 8;
const NOTICE = /Slurm has not answered/;

let server: JupyterServer;
const NO_TOOLS = mkdtempSync(path.join(tmpdir(), 'jupyterlab-batch-no-slurm-'));

test.beforeAll(async () => {
  server = await JupyterServer.start({
    config: `c.BatchExtension.gateways = [{'kind': 'local'}, {'kind': 'slurm', 'title': 'Slurm', 'transport': 'cli', 'bin_directory': '${NO_TOOLS}'}]`
  });
});

test.afterAll(async () => {
  await server.stop();
  rmSync(NO_TOOLS, { recursive: true });
});

test('Slurm is missing: one banner, no storm, and this machine works', async ({
  page
}) => {
  const asked = listen(page);
  await noteToasts(page);
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  await expect(page.getByText(NOTICE)).toHaveCount(1);

  const before = asked.length;
  await panel.newJob();
  const form = new ComposeForm(page);
  await form.chooseKind('Command');
  await form.fill({ Name: 'meanwhile', Command: 'sleep 30' });
  await form.submit();
  await panel.row('meanwhile').expectState('Completed');

  const since = asked.slice(before);
  expect(since.length).toBeLessThanOrEqual(MOST_REQUESTS);
  expect(since.filter(isAboutGateways).length).toBeLessThanOrEqual(
    MOST_ABOUT_GATEWAYS
  );
  await expect(panel.root.getByText(NOTICE)).toHaveCount(1);
  await panel.root.getByRole('button', { name: 'Retry' }).click();
  await expect
    .poll(() => asked.slice(before).filter(url => /gateways\/slurm/.test(url)))
    .not.toHaveLength(0);
  await expect(panel.root.getByText(NOTICE)).toHaveCount(1);
  // That the job is over may be told; of Slurm nothing pops up.
  const told = await toasts(page);
  expect(told.filter(text => !text.includes('meanwhile'))).toEqual([]);
});

/** Note the address of each request to our endpoints. */
function listen(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', request => {
    if (request.url().includes('/jupyterlab-batch/v1/')) {
      asked.push(request.url());
    }
  });
  return asked;
}

function isAboutGateways(url: string): boolean {
  return /\/gateways(\/|$|\?)/.test(url);
}
