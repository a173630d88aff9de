import { randomUUID } from 'node:crypto';

import { expect } from '@playwright/test';

import type { JupyterServer } from '../servers/jupyter-server';

/** Long enough for a job of some seconds on a machine that is busy. */
export const JOB_LIMIT_MS = 120_000;

const RESOURCES = {
  cores: 1,
  memory_bytes: 2 ** 28,
  walltime_seconds: 1200
};

/** Submit a small job and return its id. */
export async function submit(
  server: JupyterServer,
  gatewayId: string,
  name: string,
  task: object
): Promise<string> {
  const answer = await server.call('POST', 'jobs', {
    key: randomUUID(),
    body: {
      gateway_id: gatewayId,
      spec: { name, task, resources: RESOURCES }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return (await answer.json()).id;
}
