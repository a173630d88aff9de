import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';

import { expect, type Page } from '@playwright/test';

import { Lab } from '../pages/lab';
import { GATEWAYS } from '../servers/gateways';
import { fillStore, type JupyterServer } from '../servers/jupyter-server';
import { PROJECT } from '../servers/programs';
import { firstRows } from './firstRows';
import { notePainted } from './painted';
import { msUntil, pressedAt } from './press';
import { keep, quantilesOf } from './results';
import { SCHEDULER, SLURM_DASHBOARD, test } from './servers';
import {
  QUEUE_ROW,
  queueOf,
  readQueueEvery,
  sbatch,
  SlurmQueue
} from './slurm-queue';

const COUNT = 10_000;
const SAMPLES = 10;
const SLURM = GATEWAYS.filter(gateway => gateway.name === 'slurm-cli')[0];

/** Jobs end at any moment between two looks; seconds. */
const EVERY: Record<number, readonly number[]> = {
  60: [25, 32, 39, 46, 53, 60, 67, 74],
  5: [12, 12.7, 13.4, 14.1, 14.8, 15.5, 16.2, 16.9]
};
const PATIENCE_MS = 200_000;

test(`first rows of ${COUNT} jobs`, async ({ page, start }) => {
  const server = await start();
  fillStore(server, COUNT);
  keep('first-rows', await firstTimes(page, server, () => firstRows(page)));
});

test(`first rows of ${COUNT} jobs of jupyter-scheduler`, async ({
  page,
  start
}) => {
  const server = await start(SCHEDULER);
  execFileSync('python', [
    path.join(PROJECT, 'bench/fill_scheduler.py'),
    path.join(server.folder, 'data/scheduler.sqlite'),
    String(COUNT)
  ]);
  keep(
    'first-rows-scheduler',
    await firstTimes(page, server, () =>
      rowsOfCard(page, 'Jobs', '.jp-notebook-jobs-panel tbody tr')
    )
  );
});

test(`first rows of ${COUNT} jobs of jupyterlab-slurm`, async ({
  page,
  start
}) => {
  const tools = queueOf(COUNT);
  try {
    const server = await start({ ...SLURM_DASHBOARD, tools });
    const read = page
      .waitForResponse(/\/squeue/)
      .then(response => response.body());
    const times = await firstTimes(page, server, () =>
      rowsOfCard(page, 'Slurm Dashboard', QUEUE_ROW)
    );
    const refresh_bytes = (await read).length;
    keep('first-rows-slurm', { ...times, refresh_bytes });
  } finally {
    rmSync(tools, { recursive: true });
  }
});

for (const [seconds, lengths] of Object.entries(EVERY)) {
  test(`from the end of a process to its row leaving jupyterlab-slurm, read every ${seconds} s`, async ({
    page,
    start
  }) => {
    test.skip(SLURM.missing !== null, SLURM.missing ?? '');
    const { environment = {} } = await SLURM.prepare();
    const server = await start({ ...SLURM_DASHBOARD, environment });
    readQueueEvery(server, Number(seconds));
    await new Lab(page, server).open('');
    const queue = new SlurmQueue(page);
    const fileOf = (name: string): string => path.join(server.root, name);
    const names = lengths.map((_, job) => `ends-${job}`);
    names.forEach((name, job) =>
      sbatch(
        environment,
        name,
        `sleep ${lengths[job]}; exec date +%s%N > '${fileOf(name)}'`
      )
    );
    await queue.card.click();
    await Promise.all(names.map(name => queue.expectShown(name)));
    const delays = await Promise.all(
      names.map(async name => {
        const gone = await notePainted(page, queue.goneRow(name));
        const moment = await gone(PATIENCE_MS);
        expect(moment, name).not.toBeNull();
        return (
          Number(moment) - Number(readFileSync(fileOf(name), 'utf-8')) / 1e6
        );
      })
    );
    keep(`pixel-queue-${seconds}`, quantilesOf(delays));
  });
}

/** Load JupyterLab again and again, and each time see how long its first rows take. */
async function firstTimes(
  page: Page,
  server: JupyterServer,
  sample: () => Promise<number>
): Promise<Record<'p50_ms' | 'p95_ms', number>> {
  const times: number[] = [];
  for (let taken = 0; taken < SAMPLES; taken++) {
    await new Lab(page, server).open('');
    times.push(await sample());
  }
  return quantilesOf(times);
}

/** From the press on a card of the launcher to the first row that it leads to, in ms. */
async function rowsOfCard(
  page: Page,
  title: string,
  selector: string
): Promise<number> {
  const card = page.locator(`.jp-LauncherCard[title="${title}"]`);
  await expect(card).toBeVisible();
  const painted = await notePainted(page, { selector });
  return msUntil(painted, () => card.evaluate(pressedAt));
}
