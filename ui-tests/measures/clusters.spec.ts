import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect } from '@playwright/test';

import { ClustersSection } from '../pages/clusters-section';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { notePainted } from './painted';
import { keep, quantilesOf } from './results';
import { test } from './servers';

const SAMPLES = 20;
const PATIENCE_MS = 60_000;
/** How Python names a process that it spawns: a worker, which its nanny starts again. */
const SPAWNED = 'spawn_main';

test('from the end of a worker to the painted row of its cluster', async ({
  page,
  start
}) => {
  const server = await start();
  await new Lab(page, server).open();
  await new JobsPanel(page).show();
  const clusters = new ClustersSection(page);
  await clusters.unfold();
  await clusters.start({
    Name: 'measured',
    Workers: '1',
    'Memory of each worker': '500 MB'
  });
  const { clusters: found } = await (
    await server.call('GET', 'clusters')
  ).json();
  const mark = `BATCH_JOB_ID=${found[0].id}`;
  const delays: number[] = [];
  while (delays.length < SAMPLES) {
    await clusters.expectRow('measured', /1 of 1 worker/);
    const painted = await notePainted(page, {
      selector:
        '.jp-BatchJobs-clustersSection [role="row"][aria-label*="0 of 1 worker"]'
    });
    const [worker] = spawnedWith(mark);
    const ended = Date.now();
    process.kill(worker, 'SIGKILL');
    const moment = await painted(PATIENCE_MS);
    expect(moment, `the end of worker ${delays.length}`).not.toBeNull();
    delays.push(Number(moment) - ended);
  }
  keep('cluster-pixel', quantilesOf(delays));
});

/** The ids of the processes that Python spawned and whose environment holds a mark. */
function spawnedWith(mark: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        const read = (file: string): string =>
          readFileSync(path.join('/proc', pid, file), 'utf-8');
        return (
          read('cmdline').includes(SPAWNED) && read('environ').includes(mark)
        );
      } catch {
        return false; // it has just ended
      }
    })
    .map(Number);
}
