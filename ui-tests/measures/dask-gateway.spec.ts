import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { setTimeout as pass } from 'node:timers/promises';

import { type BrowserContext, expect } from '@playwright/test';

import { ClusterPage } from '../pages/cluster-page';
import { ClustersSection } from '../pages/clusters-section';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { DaskGateway } from '../servers/dask-gateway';
import type { JupyterServer } from '../servers/jupyter-server';
import { GatewayRelay } from './gateway-relay';
import { watchWork } from './longTasks';
import { notePainted } from './painted';
import { keep, quantilesOf } from './results';
import { test } from './servers';

const SAMPLES = 10;
const PATIENCE_MS = 60_000;
const INTERVAL_SECONDS = 1;
const WINDOW_MS = 60_000;
/** So long a gateway is asked more often after something was ordered. */
const HURRY_MS = 15_000;
const LISTED = /^\/api\/v1\/clusters\/\?status=/;
const COUNTED = /\/json\/counts\.json$/;
const WORKERS = 200;
const REFRESHES = 10;
/** From the last worker to the first. */
const PAGES = 20;

let gateway: DaskGateway;
let relay: GatewayRelay;

test.beforeEach(async () => {
  gateway = await DaskGateway.start();
  relay = await GatewayRelay.start(gateway.url);
});

test.afterEach(async () => {
  relay.stop();
  await gateway.stop();
});

test('from a change in workers to the painted row, on a Dask Gateway', async ({
  page,
  start
}) => {
  const server = await start({ config: gateway.configAt(gateway.url) });
  const name = await begin(server, 1);
  const clusters = await shown(new Lab(page, server));
  await clusters.expectRow('measured', /1 of 1 worker/);
  const delays: number[] = [];
  while (delays.length < SAMPLES) {
    const count = delays.length % 2;
    const painted = await notePainted(page, {
      selector: `.jp-BatchJobs-clustersSection [role="row"][aria-label*="${count} of 1 worker"]`
    });
    await scaleElsewhere(name, count);
    const changed = await countedAs(name, count);
    const moment = await painted(PATIENCE_MS);
    expect(moment, `change ${delays.length}`).not.toBeNull();
    delays.push(Number(moment) - changed);
  }
  keep('gateway-pixel', {
    ...quantilesOf(delays),
    interval_ms: 1000 * INTERVAL_SECONDS
  });
});

test('calls of a Dask Gateway in a minute, with 1 tab and with 20', async ({
  context,
  start
}) => {
  const server = await start({ config: gateway.configAt(relay.url, null) });
  await begin(server, 1);
  const one = await callsWithTabs(context, server, 1);
  const twenty = await callsWithTabs(context, server, 20);
  keep('gateway-calls', {
    one_tab: one.listed,
    twenty_tabs: twenty.listed,
    one_tab_counts: one.counted,
    twenty_tabs_counts: twenty.counted
  });
});

test(`${WORKERS} workers on the page of a cluster`, async ({ page, start }) => {
  let asked = 0;
  relay.answer('/json/counts.json', countsOfMany);
  relay.answer('/json/identity.json', () => many(asked++));
  const server = await start({ config: gateway.configAt(relay.url) });
  await begin(server, 0);
  const clusters = await shown(new Lab(page, server));
  await clusters.expectRow('measured', new RegExp(`${WORKERS} of 0 workers`));
  await clusters.row('measured').click();
  const cluster = new ClusterPage(page);
  await expect(cluster.worker('worker-0')).toBeVisible({
    timeout: PATIENCE_MS
  });
  const work = await watchWork(page);
  const first = asked;
  await expect
    .poll(() => asked - first, { timeout: 2 * PATIENCE_MS })
    .toBeGreaterThanOrEqual(REFRESHES);
  const grid = cluster.root.getByRole('grid', { name: 'Workers' });
  await grid.press('End');
  for (let pressed = 0; pressed < PAGES; pressed++) {
    await page.keyboard.press('PageUp');
  }
  await expect(cluster.worker('worker-0')).toBeVisible();
  keep('cluster-workers', await work(REFRESHES));
});

/** Start a cluster; return how the gateway calls it once it is up. */
async function begin(server: JupyterServer, count: number): Promise<string> {
  const options = { worker_cores: 1, worker_memory: 0.25 };
  const workers = { kind: 'fixed', count };
  const answer = await server.call('POST', 'clusters', {
    key: randomUUID(),
    body: {
      gateway_id: 'dask-gateway',
      spec: { name: 'measured', workers, options }
    }
  });
  expect(answer.status, 'the start of a cluster').toBe(201);
  const { id, native_id } = await answer.json();
  const isUp = async (): Promise<boolean> => {
    const told = await (await server.call('GET', `clusters/${id}`)).json();
    return told.phase === 'EXECUTING' && told.workers.ready !== null;
  };
  await expect.poll(isUp, { timeout: PATIENCE_MS }).toBe(true);
  return native_id;
}

async function shown(lab: Lab): Promise<ClustersSection> {
  await lab.open();
  await new JobsPanel(lab.page).show();
  const clusters = new ClustersSection(lab.page);
  // It unfolds by itself, as there is a cluster.
  await expect(clusters.root).toBeVisible({ timeout: PATIENCE_MS });
  return clusters;
}

/** Want so many workers as a notebook does: we are not told. */
async function scaleElsewhere(name: string, count: number): Promise<void> {
  const password = readFileSync(gateway.secretFile, 'utf-8').trim();
  const basic = btoa(`${userInfo().username}:${password}`);
  const answer = await fetch(`${gateway.url}/api/v1/clusters/${name}/scale`, {
    method: 'POST',
    headers: { Authorization: `Basic ${basic}` },
    body: JSON.stringify({ count })
  });
  expect(answer.status).toBe(200);
}

/** Ask the scheduler until it counts so many workers; return when it first did. */
async function countedAs(name: string, count: number): Promise<number> {
  const counts = `${gateway.url}/clusters/${name}/json/counts.json`;
  for (;;) {
    const { workers } = await (await fetch(counts)).json();
    if (workers === count) {
      return Date.now();
    }
  }
}

/** Open tabs until so many show a running cluster; return what the gateway is asked in a minute. */
async function callsWithTabs(
  context: BrowserContext,
  server: JupyterServer,
  tabs: number
): Promise<{ listed: number; counted: number }> {
  while (context.pages().length < tabs) {
    const clusters = await shown(new Lab(await context.newPage(), server));
    await clusters.expectRow('measured', /1 of 1 worker/);
  }
  await pass(HURRY_MS);
  const began = Date.now();
  await pass(WINDOW_MS);
  return {
    listed: relay.asked(LISTED, began).length,
    counted: relay.asked(COUNTED, began).length
  };
}

function countsOfMany(): object {
  const none = { tasks: 0, waiting: 0, processing: 0, memory: 0, erred: 0 };
  return { ...none, workers: WORKERS, cores: WORKERS, bytes: 0 };
}

/** What a scheduler of 200 workers says of itself, of all of them something new each time. */
function many(turn: number): object {
  const one = (number: number): [string, object] => [
    `tls://10.0.0.${number}:40000`,
    {
      name: `worker-${number}`,
      nthreads: 1,
      memory_limit: 2 ** 32,
      last_seen: Date.now() / 1000,
      status: 'running',
      metrics: {
        cpu: (13 * number + 7 * turn) % 100,
        memory: 2 ** 28 + 2 ** 20 * ((number + turn) % 512),
        spilled_bytes: { memory: 0, disk: 0 },
        task_counts: { executing: (number + turn) % 3, memory: turn }
      }
    }
  ];
  return {
    workers: Object.fromEntries(
      Array.from({ length: WORKERS }, (_, number) => one(number))
    )
  };
}
