import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';

import { type BrowserContext, expect } from '@playwright/test';

import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { GATEWAYS } from '../servers/gateways';
import type { JupyterServer } from '../servers/jupyter-server';
import { which } from '../servers/programs';
import { submit } from './jobs';
import { keep } from './results';
import { test } from './servers';

const WINDOW_MS = 60_000;
const TOOLS = ['squeue', 'scontrol', 'sacct', 'sacctmgr', 'sinfo', 'sbatch'];
const SLURM = GATEWAYS.filter(gateway => gateway.name === 'slurm-cli')[0];

test('calls of the scheduler in a minute, with 1 tab and with 20', async ({
  context,
  start
}) => {
  test.skip(SLURM.missing !== null, SLURM.missing ?? '');
  const calls = new CallLog(test.info().outputDir);
  const server = await start({
    ...(await SLURM.prepare()),
    tools: test.info().outputDir
  });
  await submit(server, SLURM.id, 'long', {
    kind: 'command',
    argv: ['sleep', '900']
  });
  keep('calls', {
    one_tab: await rateWithTabs(context, server, calls, 1),
    twenty_tabs: await rateWithTabs(context, server, calls, 20)
  });
});

/** Programs named like the scheduler's that write down when they ran, and become the real one. */
class CallLog {
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = path.join(folder, 'calls');
    writeFileSync(this.file, '');
    for (const tool of TOOLS) {
      writeFileSync(
        path.join(folder, tool),
        `#!/bin/sh\ndate +%s%N >>'${this.file}'\nexec ${which(tool)} "$@"\n`,
        { mode: 0o755 }
      );
    }
  }

  /** When tools were called since a moment; both in ms since the epoch. */
  since(moment: number): number[] {
    return readFileSync(this.file, 'utf-8')
      .split('\n')
      .map(line => Number(line) / 1e6)
      .filter(time => time >= moment);
  }

  private readonly file: string;
}

/** Open tabs until so many show the running job; return how many calls a minute there are. */
async function rateWithTabs(
  context: BrowserContext,
  server: JupyterServer,
  calls: CallLog,
  tabs: number
): Promise<number> {
  while (context.pages().length < tabs) {
    const page = await context.newPage();
    await new Lab(page, server).open();
    const panel = new JobsPanel(page);
    await panel.show();
    await panel.row('long').expectState('Running');
  }
  const began = Date.now();
  await pass(WINDOW_MS);
  return rateOf(calls.since(began));
}

/** From call to call, so that it does not matter where between two calls the window begins. */
function rateOf(times: readonly number[]): number {
  expect(times.length, 'calls of the scheduler').toBeGreaterThan(1);
  const span = times[times.length - 1] - times[0];
  return ((times.length - 1) * 60_000) / span;
}
