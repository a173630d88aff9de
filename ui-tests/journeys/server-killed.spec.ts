import { existsSync } from 'node:fs';
import * as path from 'node:path';

import { expect, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('jobs go on and start while the server is killed', async ({ page }) => {
  const lab = new Lab(page, server);
  const panel = new JobsPanel(page);
  const form = new ComposeForm(page);
  await lab.open();
  await panel.show();
  const { limits } = await (await server.call('GET', 'gateways/local')).json();
  const submit = async (name: string, command: string) => {
    await panel.newJob();
    await form.chooseKind('Command');
    await form.fill({
      Name: name,
      Command: command,
      Cores: String(limits.max_cores)
    });
    await form.submit();
  };
  const mark = (name: string) => path.join(server.root, name);
  await submit('first', `sh -c 'sleep 12; touch ${mark('first')}'`);
  await panel.row('first').expectState('Running');
  await submit('second', `sh -c 'touch ${mark('second')}; sleep 3'`);
  await panel.row('second').expectState('Queued');

  await server.kill();
  await expect(
    panel.root.getByText(/Jupyter server has not answered since/)
  ).toBeVisible({ timeout: 60_000 });
  await expect(panel.row('first').root).toBeVisible();
  // Both go on without a server: the one that ran ends, then the one that waited starts.
  await expect
    .poll(() => existsSync(mark('first')), { timeout: 60_000 })
    .toBe(true);
  await expect
    .poll(() => existsSync(mark('second')), { timeout: 60_000 })
    .toBe(true);

  await server.restart();
  await panel.row('first').expectState('Completed', 60_000);
  await panel.row('second').expectState('Completed', 60_000);
  await expect(
    panel.root.getByText(/Jupyter server has not answered since/)
  ).toHaveCount(0, { timeout: 60_000 });
});

test('everything is there for a browser that comes later', async ({ page }) => {
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  await panel.row('first').expectState('Completed');
  await panel.row('second').expectState('Completed');
});
