import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

import { expect, type Locator, type Page } from '@playwright/test';

import type { JupyterServer } from '../servers/jupyter-server';
import type { ISought } from './painted';

const OTHER_TOOLS = ['sacct', 'scontrol', 'sbatch', 'scancel', 'sinfo'];

/** A row of the table of jupyterlab-slurm. */
export const QUEUE_ROW = '.ag-center-cols-container .ag-row';

/** The table of jupyterlab-slurm: the queue of Slurm, read again every so often. */
export class SlurmQueue {
  constructor(readonly page: Page) {}

  /** What opens it. */
  get card(): Locator {
    return this.page.locator('.jp-LauncherCard[title="Slurm Dashboard"]');
  }

  /** Wait until a job is in it. */
  async expectShown(name: string): Promise<void> {
    await expect(this.page.locator(QUEUE_ROW, { hasText: name })).toBeVisible({
      timeout: 90_000
    });
  }

  /** It says of no job that it is over: the row goes away. */
  goneRow(name: string): ISought {
    return { selector: QUEUE_ROW, words: [name], isGone: true };
  }
}

/** How often jupyterlab-slurm reads the queue, as a user sets it before the page is opened. */
export function readQueueEvery(server: JupyterServer, seconds: number): void {
  server.keepSettings('jupyterlab-slurm:plugin', { autoReloadRate: seconds });
}

/** A folder with tools of Slurm: one lists so many jobs as fast as a program can, the others nothing. */
export function queueOf(count: number): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'jupyterlab-batch-queue-'));
  const line = (number: number): string =>
    `${number} debug night-${number} root PD 0:00 1 (Resources)`;
  const jobs = Array.from({ length: count }, (_, number) => line(number + 1));
  const list = path.join(folder, 'jobs');
  writeFileSync(list, `${jobs.join('\n')}\n`);
  const tool = (name: string, command: string): void =>
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${command}\n`, {
      mode: 0o755
    });
  tool('squeue', `exec cat '${list}'`);
  OTHER_TOOLS.forEach(name => tool(name, 'exit 0'));
  return folder;
}

/** Give Slurm a job, as a user does in a terminal. */
export function sbatch(
  environment: NodeJS.ProcessEnv,
  name: string,
  command: string
): void {
  execFileSync(
    'sbatch',
    [
      '--job-name',
      name,
      '--mem',
      '256',
      '--output',
      '/dev/null',
      '--wrap',
      command
    ],
    { env: { ...process.env, ...environment } }
  );
}
