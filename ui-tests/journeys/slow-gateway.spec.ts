import { expect, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';
import { signalSupervisor } from '../servers/supervisor';

/** Longer than the page waits for an answer that no batch system has to give. */
const LONG = '00:40';

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('a batch system that takes its time is waited for, and nobody says that the server is gone', async ({
  page
}) => {
  await page.clock.install();
  const lab = new Lab(page, server);
  const panel = new JobsPanel(page);
  await lab.open();
  await panel.show();
  await panel.newJob();
  const form = new ComposeForm(page);
  await form.chooseKind('Command');
  await form.fill({ Name: 'patient', Command: 'sleep 600' });
  const submit = form.root.getByRole('button', { name: 'Submit', exact: true });
  await expect(submit).toHaveAttribute('aria-disabled', 'false');

  signalSupervisor(server.folder, 'SIGSTOP');
  await submit.click();
  await expect(
    form.root.getByRole('button', { name: 'Submitting…' })
  ).toBeVisible();
  await page.clock.fastForward(LONG);
  await expect(form.root.getByText(/^There is no answer yet\./)).toBeVisible();
  await panel.row('patient').expectState('Submitting');
  await expect(form.root.getByText(/server does not answer/)).toHaveCount(0);
  signalSupervisor(server.folder, 'SIGCONT');
  await expect(form.root.getByText('Submitted.')).toBeVisible();
  await panel.row('patient').expectState('Running');

  signalSupervisor(server.folder, 'SIGSTOP');
  await panel.row('patient').press('Cancel');
  const answered = page.waitForResponse(/\/jobs\/[^/]+\/cancel/);
  await lab.dialog().getByRole('button', { name: 'Cancel Job' }).click();
  await panel.row('patient').expectState('Cancelling');
  await page.clock.fastForward(LONG);
  signalSupervisor(server.folder, 'SIGCONT');
  expect((await answered).status()).toBe(200);
  await panel.row('patient').expectState('Cancelled');
});
