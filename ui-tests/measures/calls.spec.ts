import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';

import { type Browser, expect, test } from '@playwright/test';

import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { GATEWAYS } from '../servers/gateways';
import { JupyterServer } from '../servers/jupyter-server';
import { which } from '../servers/programs';
import { keep } from './results';

const MINUTE_MS = 60_000;
const TOOLS = ['squeue', 'scontrol', 'sacct', 'sinfo', 'sbatch', 'scancel'];
const SLURM = GATEWAYS.filter(gateway => gateway.name === 'slurm-cli')[0];

test('calls of the scheduler in a minute, with 1 tab and with 20', async ({
  browser
}) => {
  test.skip(SLURM.missing !== null, SLURM.missing ?? '');
  const options = await SLURM.prepare();
  const counter = makeCounter();
  const server = await JupyterServer.start({
    ...options,
    tools: counter.folder
  });
  await submitLongJob(server);

  const figures = {
    one_tab: await countWithTabs(browser, server, counter, 1),
    twenty_tabs: await countWithTabs(browser, server, counter, 20)
  };
  keep('calls', figures);
  await server.stop();
  rmSync(counter.folder, { recursive: true });
});

interface ICounter {
  readonly folder: string;
  /** How often a tool was called so far. */
  count(): number;
}

/** Programs named like the scheduler's that write one line and become the real one. */
function makeCounter(): ICounter {
  const folder = mkdtempSync(path.join(tmpdir(), 'jupyterlab-batch-calls-'));
  const log = path.join(folder, 'calls');
  writeFileSync(log, '');
  for (const tool of TOOLS) {
    writeFileSync(
      path.join(folder, tool),
      `#!/bin/sh\necho ${tool} >>'${log}'\nexec ${which(tool)} "$@"\n`,
      { mode: 0o755 }
    );
  }
  return {
    folder,
    count: () => readFileSync(log, 'utf-8').split('\n').length - 1
  };
}

async function submitLongJob(server: JupyterServer): Promise<void> {
  const answer = await server.call('POST', 'jobs', {
    key: `measure-calls-${server.port}`,
    body: {
      gateway_id: SLURM.id,
      spec: {
        name: 'long',
        task: { kind: 'command', argv: ['sleep', '900'] },
        resources: {
          cores: 1,
          memory_bytes: 2 ** 28,
          walltime_seconds: 1200
        }
      }
    }
  });
  expect(answer.status).toBe(201);
}

/** Open tabs that all show the running job, and count for a minute. */
async function countWithTabs(
  browser: Browser,
  server: JupyterServer,
  counter: ICounter,
  tabs: number
): Promise<number> {
  const context = await browser.newContext();
  for (let tab = 0; tab < tabs; tab++) {
    const page = await context.newPage();
    await new Lab(page, server).open();
    const panel = new JobsPanel(page);
    await panel.show();
    await panel.row('long').expectState('Running');
  }
  const before = counter.count();
  await pass(MINUTE_MS);
  const calls = counter.count() - before;
  await context.close();
  return calls;
}
