import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobCard } from '../pages/job-card';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { JobsTable } from '../pages/jobs-table';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { JupyterServer } from '../servers/jupyter-server';

const MEBIBYTE = 2 ** 20;
/** Where a server keeps secrets that no page has any use for. */
const VARIABLES = ['AWS_SECRET_ACCESS_KEY', 'PGPASSWORD', 'SLURM_JWT'];

const canaries = new Map(
  [...VARIABLES, 'token file', 'file of a job'].map(name => [
    name,
    `canary-${randomBytes(12).toString('hex')}`
  ])
);
let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start({
    environment: Object.fromEntries(
      VARIABLES.map(name => [name, canaries.get(name)])
    ),
    // Nobody answers there: what is said of that must not say with which token it was tried.
    config: [
      'import os',
      "c.BatchExtension.gateways = [{'kind': 'local'}] + [",
      "    {'kind': 'slurm', 'id': name, 'url': 'http://127.0.0.1:9', 'token_file': token}",
      "    for name, token in (('by-file', os.path.abspath('jwt')), ('by-variable', ''))",
      ']'
    ].join('\n')
  });
  writeFileSync(path.join(server.folder, 'jwt'), secret('token file'));
  writeFileSync(path.join(server.root, 'asked'), secret('file of a job'));
  canaries.set('server file', secretOfServerFile());
});

test.afterAll(() => server.stop());

test('no secret reaches a page, whatever is opened', async ({ page }) => {
  const received = listen(page);
  const lab = new Lab(page, server);
  await lab.open('');
  const jobId = await submit();
  const panel = new JobsPanel(page);
  await panel.show();
  await panel.row('guarded').expectState('Failed');
  await expect(panel.root.getByText(/has not answered/).first()).toBeVisible();
  await look(page, received, 'panel');

  await panel.row('guarded').press('Open log');
  const job = new JobPage(page);
  await expect(job.log).toContainText('has 31 characters');
  for (const part of await job.root.locator('details').all()) {
    await part.evaluate(element => element.setAttribute('open', ''));
  }
  await look(page, received, 'job');

  await lab.runCommand('Open Batch Jobs as Table');
  await new JobsTable(page).expectShown();
  await look(page, received, 'table');

  await panel.row('guarded').root.click({ button: 'right' });
  await page
    .getByRole('menu')
    .getByRole('menuitem', { name: 'Edit and Resubmit…' })
    .click();
  const form = new ComposeForm(page);
  await expect(form.field('Name')).toHaveValue('guarded');
  for (const kind of ['Script', 'JSON', 'Python', 'Magic'] as const) {
    await form.showAs(kind);
    await expect(form.preview).toHaveAttribute('aria-busy', 'false');
    await expect(form.preview).toContainText('guarded');
    await look(page, received, `form as ${kind}`);
  }

  await newNotebook(page, jobId);
  await expect(new JobCard(page, 'guarded').root).toContainText('Failed');
  await look(page, received, 'card');
  expect(received.join('')).toContain('guarded');
});

function secret(name: string): string {
  const found = canaries.get(name);
  if (found === undefined) {
    throw new Error(`There is no secret ${name}.`);
  }
  return found;
}

/** What lets a kernel in, and nobody else. */
function secretOfServerFile(): string {
  const folder = path.join(server.folder, 'runtime');
  const [name] = readdirSync(folder).filter(one =>
    /^jupyterlab-batch-\d+\.json$/.test(one)
  );
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8')).secret;
}

/** All that comes over the wire from now on. */
function listen(page: Page): string[] {
  const received: string[] = [];
  page.on('response', async response => {
    if (response.url().includes('/jupyterlab-batch/')) {
      // The page may be gone before its last answer is there.
      received.push(await response.text().catch(() => ''));
    }
  });
  page.on('websocket', socket =>
    socket.on('framereceived', ({ payload }) => {
      received.push(payload.toString());
    })
  );
  return received;
}

/** Look for every secret in all that a page has, shows or was sent. */
async function look(
  page: Page,
  received: readonly string[],
  where: string
): Promise<void> {
  const kept = await page.evaluate(() =>
    [
      document.documentElement.outerHTML,
      ...Array.from(document.querySelectorAll('input, textarea'), field =>
        field instanceof HTMLInputElement ||
        field instanceof HTMLTextAreaElement
          ? field.value
          : ''
      ),
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage })
    ].join('\n')
  );
  expect(kept, where).toContain('guarded');
  const all = [kept, ...received].join('\n');
  const found = Array.from(canaries).filter(([, text]) => all.includes(text));
  expect(
    found.map(([name]) => name),
    where
  ).toEqual([]);
}

/** Submit a job that is given a secret, and fails. */
async function submit(): Promise<string> {
  const answer = await server.call('POST', 'jobs', {
    key: 'canaries-guarded-0001',
    body: {
      gateway_id: 'local',
      spec: {
        name: 'guarded',
        task: {
          kind: 'command',
          argv: ['sh', '-c', 'echo has ${#MY_TOKEN} characters; exit 3']
        },
        environment: {
          kind: 'inherit',
          variables: { MY_TOKEN: { from_file: 'asked' } }
        },
        resources: {
          cores: 1,
          memory_bytes: 256 * MEBIBYTE,
          walltime_seconds: 60
        }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return (await answer.json()).id;
}

async function newNotebook(page: Page, jobId: string): Promise<void> {
  await page.keyboard.press('Control+Shift+L');
  const notebook = new Notebook(page);
  await notebook.create();
  await notebook.run(
    `from jupyterlab_batch.client import Batch\nBatch().job("${jobId}")`
  );
}
