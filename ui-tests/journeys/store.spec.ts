import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync
} from 'node:fs';
import * as path from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';

const BLOCK = Buffer.alloc(4096, 'x');
/** A small job may find room in the pages that a store has already. */
const LARGE = `echo ${'x'.repeat(90_000)}`;
const VERSION_AT = 60;
const NEWER =
  /newer version .* wrote the store of jobs.*helps once that version is installed/;
const CANNOT = /cannot use its store of jobs now/;
const DAMAGED = /The job store was damaged\. Its jobs were taken up again/;
/** The server examines and rebuilds a store before it takes anything. */
const MENDED_WITHIN_MS = 60_000;

let server: JupyterServer;
/** Where the server keeps its store: a disk of its own. */
let disk: string;
let unmountable: string | null;

test.beforeAll(async () => {
  server = await JupyterServer.start();
  disk = path.dirname(server.storePath);
  await server.terminate();
  mkdirSync(disk, { recursive: true, mode: 0o700 });
  const mounted = spawnSync(
    'mount',
    ['-t', 'tmpfs', '-o', 'size=2m,mode=0700', 'tmpfs', disk],
    { encoding: 'utf8' }
  );
  unmountable = mounted.status === 0 ? null : mounted.stderr;
  await server.restart();
});

test.afterAll(async () => {
  await server.terminate();
  if (unmountable === null) {
    spawnSync('umount', ['-l', disk]);
  }
  await server.stop();
});

test('a disk that is full: said, nothing lost, and mended by making room', async ({
  page
}) => {
  test.skip(unmountable !== null, `no small disk: ${unmountable}`);
  const { panel, form } = await open(page);
  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: 'before', Command: 'true' });
  await form.submit();
  await panel.row('before').expectState('Completed');

  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: 'large', Command: LARGE });
  await expect(form.preview).toHaveAttribute('aria-busy', 'false');
  const makeRoom = fillDisk();
  await form.pressSubmit();
  await expect(form.root.getByText(CANNOT)).toBeVisible();
  await form.root.getByText('Details', { exact: true }).click();
  await expect(form.root.getByText(/disk is full/)).toBeVisible();
  await expect(form.field('Command')).toHaveValue(LARGE);
  await panel.row('before').expectState('Completed');
  await expect(panel.rows('large')).toHaveCount(0);

  makeRoom();
  await form.pressSubmit();
  await panel.row('large').expectState('Completed');
  await expect(panel.rows('large')).toHaveCount(1);
});

test('a store that is damaged: its jobs come back, and the next one runs', async ({
  page
}) => {
  const { panel, form } = await open(page);
  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: 'kept', Command: 'true' });
  await form.submit();
  await panel.row('kept').expectState('Completed');
  const id = await panel.row('kept').id();

  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: 'after', Command: 'true' });
  damage(server.storePath);
  await expect(async () => {
    await form.pressSubmit();
    await expect(panel.rows('after')).toHaveCount(1, { timeout: 3_000 });
  }).toPass({ timeout: MENDED_WITHIN_MS });
  await panel.row('after').expectState('Completed');
  await expect(panel.rows('after')).toHaveCount(1);
  await panel.rowOf(id).expectState('Completed');
  await expect(panel.root.getByText(DAMAGED)).toBeVisible();
});

test('a store of a newer version: said, left as it is, and there again with that version', async ({
  page
}) => {
  const earlier = await open(page);
  await earlier.panel.newJob();
  await earlier.form.chooseKind('Command');
  await earlier.form.fill({ Name: 'of-later', Command: 'true' });
  await earlier.form.submit();
  await earlier.panel.row('of-later').expectState('Completed');

  await server.terminate();
  const ours = versionOf(server.storePath);
  setVersion(server.storePath, ours + 1);
  const asItIs = readFileSync(server.storePath);
  await server.restart();
  const { panel, form } = await open(page);
  await expect(panel.root.getByText(NEWER)).toBeVisible();
  await panel.root.getByText('Details', { exact: true }).click();
  await expect(
    panel.root.locator('pre', { hasText: server.storePath })
  ).toBeVisible();
  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: 'too-early', Command: 'true' });
  await form.pressSubmit();
  await expect(form.root.getByText(NEWER)).toBeVisible();
  await expect(form.root.getByText(CANNOT)).toHaveCount(0);

  await server.terminate();
  expect(readFileSync(server.storePath).equals(asItIs)).toBe(true);
  setVersion(server.storePath, ours);
  await server.restart();
  await page.reload();
  await panel.row('of-later').expectState('Completed');
  await expect(panel.root.getByText(NEWER)).toHaveCount(0);
  await expect(panel.rows('too-early')).toHaveCount(0);
});

async function open(
  page: Page
): Promise<{ panel: JobsPanel; form: ComposeForm }> {
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  return { panel, form: new ComposeForm(page) };
}

/** Write until the disk of the store takes no more; return what makes room again. */
function fillDisk(): () => void {
  const filler = path.join(disk, 'filler');
  const file = openSync(filler, 'w');
  try {
    for (;;) {
      writeSync(file, BLOCK);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') {
      throw error;
    }
  } finally {
    closeSync(file);
  }
  return () => rmSync(filler);
}

/** Overwrite all pages of a store but the first: it can be opened, and read no more. */
function damage(store: string): void {
  const file = openSync(store, 'r+');
  for (let page = 1; page < 12; page++) {
    writeSync(file, BLOCK, 0, BLOCK.length, page * BLOCK.length);
  }
  closeSync(file);
}

/** The version of its schema that a store says it has: https://sqlite.org/fileformat.html. */
function versionOf(store: string): number {
  return readFileSync(store).readUInt32BE(VERSION_AT);
}

function setVersion(store: string, version: number): void {
  const file = openSync(store, 'r+');
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(version);
  writeSync(file, bytes, 0, bytes.length, VERSION_AT);
  closeSync(file);
}
