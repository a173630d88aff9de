import { writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';

const ON = "c.BatchExtension.gateways = [{'kind': 'local'}]";
const OFF = "c.BatchExtension.gateways = [{'kind': 'local', 'enabled': False}]";

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start({ config: ON });
});

test.afterAll(() => server.stop());

test('the engine of a login node is switched off: what runs goes on, nothing new is taken', async ({
  page
}) => {
  const gate = path.join(server.root, 'gate');
  const wait = `until [ -e ${gate} ]; do sleep 0.2; done`;
  const body = {
    gateway_id: 'local',
    spec: {
      name: 'goes on',
      task: { kind: 'command', argv: ['sh', '-c', wait] },
      resources: { cores: 1, memory_bytes: 2 ** 28, walltime_seconds: 600 }
    }
  };
  const key = 'key-of-one-that-goes-on';
  expect((await server.call('POST', 'jobs', { body, key })).status).toBe(201);
  await server.terminate();
  server.configure(OFF);
  await server.restart();

  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  await expect(
    panel.root.getByText(/nothing can be submitted here/)
  ).toBeVisible();
  await expect(
    panel.root.getByText(/gateway “local” is not configured/)
  ).toHaveCount(1);
  await panel.row('goes on').expectState('Running');
  await panel.row('goes on').root.dblclick();
  await expect(
    new JobPage(page).root.getByText(/This is how the job was last known/)
  ).toBeVisible();

  await panel.newJob();
  const form = new ComposeForm(page);
  await form.chooseKind('Command');
  await form.fill({ Name: 'not here', Command: 'true' });
  await form.expectIssue('Gateway', 'No such gateway is configured');
  await form.pressSubmit();
  await expect(panel.rows('not here')).toHaveCount(0);

  writeFileSync(gate, '');
  await server.terminate();
  server.configure(ON);
  await server.restart();
  await panel.row('goes on').expectState('Completed');
  await expect(panel.root.getByText(/is not configured/)).toHaveCount(0);
});
