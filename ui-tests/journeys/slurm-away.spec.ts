import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';
import { SlurmCluster } from '../servers/slurm-cluster';

const MISSING = SlurmCluster.missing();
const TOKEN_FILE = path.join(tmpdir(), `jupyterlab-batch-token-${process.pid}`);

test.skip(MISSING !== null, MISSING ?? '');

let cluster: SlurmCluster;
let server: JupyterServer;

test.beforeAll(async () => {
  cluster = await SlurmCluster.up();
  writeFileSync(TOKEN_FILE, cluster.token(), { mode: 0o600 });
  server = await JupyterServer.start({
    config: `c.BatchExtension.gateways = [{'kind': 'slurm', 'title': 'Slurm', 'url': '${cluster.restUrl}', 'token_file': '${TOKEN_FILE}', 'deadline_seconds': 3.0}]`
  });
});

test.afterAll(() => server.stop());

test('Slurm goes away and comes back: the panel says so, the form is kept', async ({
  page
}) => {
  const { panel, form } = await open(page);
  await fillCommand(panel, form, 'through-the-night', 'sleep 5');
  cluster.control('stop', 'slurmrestd');
  try {
    await form.pressSubmit();
    await expect(
      form.root.getByText(/did not answer\. Nothing was sent/)
    ).toBeVisible();
    await expect(form.field('Name')).toHaveValue('through-the-night');
    await expect(
      panel.root.getByText(/Slurm has not answered since/)
    ).toBeVisible();
  } finally {
    cluster.control('start', 'slurmrestd');
  }
  await panel.root.getByRole('button', { name: 'Retry' }).click();
  await expect(panel.root.getByText(/has not answered since/)).toHaveCount(0);
  await form.pressSubmit();
  await panel.row('through-the-night').expectState('Completed');
  await expect(panel.rows('through-the-night')).toHaveCount(1);
});

test('a token runs out and is renewed: nothing is lost', async ({ page }) => {
  const { panel, form } = await open(page);
  await fillCommand(panel, form, 'signed-out', 'sleep 5');
  writeFileSync(TOKEN_FILE, cluster.token(1));
  await form.pressSubmit();
  const notice = /Not signed in to .*Renew it/;
  await expect(
    form.root.getByText(/your credential\. Your form is kept/)
  ).toBeVisible();
  await expect(panel.root.getByText(notice)).toBeVisible();
  // Said once: the gateway's own words are folded in with what became of the form.
  await expect(form.root.getByText(notice)).toHaveCount(0);
  await form.root.getByText('Details').click();
  await expect(form.root.getByText(/has expired\. Renew it/)).toBeVisible();
  await expect(panel.rows('signed-out')).toHaveCount(0);

  writeFileSync(TOKEN_FILE, cluster.token());
  await panel.root.getByRole('button', { name: 'Retry' }).click();
  await expect(panel.root.getByText(notice)).toHaveCount(0);
  await form.pressSubmit();
  await panel.row('signed-out').expectState('Completed');
});

async function open(
  page: Page
): Promise<{ panel: JobsPanel; form: ComposeForm }> {
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  return { panel, form: new ComposeForm(page) };
}

async function fillCommand(
  panel: JobsPanel,
  form: ComposeForm,
  name: string,
  command: string
): Promise<void> {
  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: name, Command: command, 'Time limit': '5 min' });
  await expect(form.preview).toHaveAttribute('aria-busy', 'false');
}
