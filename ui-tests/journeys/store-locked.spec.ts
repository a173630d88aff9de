import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';

/** Holds the lock of a database until its input ends, as a disk whose lock daemon hangs does. */
const HOLD = `
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
`;
/** Whoever waits for a lock does so for a while, one after the other. */
const LOCK_TIMEOUT_MS = 90_000;

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('a store that is locked: said, nothing lost, nothing sent twice', async ({
  page
}) => {
  test.setTimeout(3 * LOCK_TIMEOUT_MS);
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  const form = new ComposeForm(page);
  await panel.show();
  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: 'before', Command: 'true' });
  await form.submit();
  await panel.row('before').expectState('Completed');
  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: 'patient', Command: 'true' });
  await expect(form.preview).toHaveAttribute('aria-busy', 'false');

  const release = await holdStore();
  try {
    await form.submit();
    await expect(
      form.root.getByText(/cannot use its store of jobs now/)
    ).toBeVisible({ timeout: LOCK_TIMEOUT_MS });
    await expect(
      panel.root.getByText(/not been able to read its store of jobs since/)
    ).toBeVisible({ timeout: LOCK_TIMEOUT_MS });
    // What is said first may be of the keeping of the form; the submission waits for its turn.
    await expect(
      form.root.getByRole('button', { name: 'Submit', exact: true })
    ).toBeVisible({ timeout: LOCK_TIMEOUT_MS });
    await expect(panel.row('before').root).toBeVisible();
    await expect(form.field('Command')).toHaveValue('true');
    await form.fill({ Command: 'echo typed meanwhile' });
  } finally {
    await release();
  }
  // The panel, and the keeping of the form, go on by themselves; submitting is the user's.
  await expect(
    panel.root.getByText(/not been able to read its store of jobs since/)
  ).toHaveCount(0, { timeout: LOCK_TIMEOUT_MS });
  await expect(
    form.root.getByText(/cannot use its store of jobs now/)
  ).toHaveCount(0);
  await expect
    .poll(
      async () => {
        const drafts = await server.call('GET', 'drafts');
        return JSON.stringify(await drafts.json());
      },
      { timeout: LOCK_TIMEOUT_MS }
    )
    .toContain('typed meanwhile');
  await expect(panel.rows('patient')).toHaveCount(0);
  await form.submit();
  await panel.row('patient').expectState('Completed');
  await expect(panel.rows('patient')).toHaveCount(1);
});

/** Lock the server's store; return what lets it go. */
async function holdStore(): Promise<() => Promise<void>> {
  const holder = spawn('python3', ['-c', HOLD, server.storePath], {
    stdio: ['pipe', 'pipe', 'inherit']
  });
  await once(holder.stdout, 'data');
  return async () => {
    const ended = once(holder, 'exit');
    holder.stdin.end();
    await ended;
  };
}
