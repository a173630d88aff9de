import { readFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, test } from '@playwright/test';

import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { GATEWAYS } from '../servers/gateways';
import { JupyterServer } from '../servers/jupyter-server';
import { notePainted } from './painted';
import { keep, quantile } from './results';

const ROUNDS = 20;

for (const gateway of GATEWAYS) {
  test(`from the end of a process to the painted row, ${gateway.name}`, async ({
    page
  }) => {
    test.skip(gateway.missing !== null, gateway.missing ?? '');
    const server = await JupyterServer.start(await gateway.prepare());
    await new Lab(page, server).open();
    const panel = new JobsPanel(page);
    await panel.show();

    const delays: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const file = path.join(server.root, `end-${round}`);
      const id = await submit(server, gateway.id, round, file);
      await expect(panel.rowOf(id).root).toBeVisible();
      const painted = await notePainted(
        page,
        `[data-job-id="${id}"][data-phase="COMPLETED"]`
      );
      const moment = await painted();
      delays.push(moment - Number(readFileSync(file, 'utf-8')) / 1e6);
    }
    keep(`pixel-${gateway.name}`, {
      p50_ms: quantile(delays, 0.5),
      p95_ms: quantile(delays, 0.95)
    });
    await server.stop();
  });
}

/** A job that writes down when it ends, in ns since the epoch, as the last thing it does. */
async function submit(
  server: JupyterServer,
  gatewayId: string,
  round: number,
  file: string
): Promise<string> {
  const answer = await server.call('POST', 'jobs', {
    key: `measure-${gatewayId}-${round}-${server.port}`,
    body: {
      gateway_id: gatewayId,
      spec: {
        name: `end-${round}`,
        task: {
          kind: 'command',
          argv: ['sh', '-c', `sleep 2; exec date +%s%N > '${file}'`]
        },
        resources: {
          cores: 1,
          memory_bytes: 2 ** 28,
          walltime_seconds: 300
        }
      }
    }
  });
  expect(answer.status).toBe(201);
  return (await answer.json()).id;
}
