import { readFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, type Page } from '@playwright/test';

import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { GATEWAYS, type IGatewayCase } from '../servers/gateways';
import type { JupyterServer } from '../servers/jupyter-server';
import { JOB_LIMIT_MS, submit } from './jobs';
import { completedRow, notePainted } from './painted';
import { keep, quantilesOf } from './results';
import { test } from './servers';

/**
 * How long jobs that run at the same time take. On Slurm longer than a job that was just submitted
 * is looked at more often, and ending at different moments between two polls.
 */
const SECONDS: Record<IGatewayCase['name'], readonly number[]> = {
  local: [1],
  'slurm-rest': [9, 10.3, 11.6, 12.9],
  'slurm-cli': [9, 10.3, 11.6, 12.9]
};

const SAMPLES = 20;

for (const gateway of GATEWAYS) {
  test(`from the end of a process to the painted row, ${gateway.name}`, async ({
    page,
    start
  }) => {
    test.skip(gateway.missing !== null, gateway.missing ?? '');
    const server = await start(await gateway.prepare());
    await new Lab(page, server).open();
    await new JobsPanel(page).show();

    const delays: number[] = [];
    while (delays.length < SAMPLES) {
      const ends = SECONDS[gateway.name].map((seconds, index) =>
        delayOf(page, server, gateway.id, delays.length + index, seconds)
      );
      delays.push(...(await Promise.all(ends)));
    }
    keep(`pixel-${gateway.name}`, quantilesOf(delays));
  });
}

/** Run a job that takes a while, and return how many ms later its row says so. */
async function delayOf(
  page: Page,
  server: JupyterServer,
  gatewayId: string,
  number: number,
  seconds: number
): Promise<number> {
  // The last thing the job does is to write down the time, in ns since the epoch.
  const file = path.join(server.root, `end-${number}`);
  const id = await submit(server, gatewayId, `end-${number}`, {
    kind: 'command',
    argv: ['sh', '-c', `sleep ${seconds}; exec date +%s%N > '${file}'`]
  });
  const painted = await notePainted(page, completedRow(id));
  const moment = await painted(JOB_LIMIT_MS);
  expect(moment, `the end of job ${number}`).not.toBeNull();
  return Number(moment) - Number(readFileSync(file, 'utf-8')) / 1e6;
}
