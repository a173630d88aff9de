import { expect, type Locator, type Page } from '@playwright/test';

import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { JobsTable } from '../pages/jobs-table';
import { Lab } from '../pages/lab';
import { fillStore } from '../servers/jupyter-server';
import { firstRows } from './firstRows';
import { JOB_LIMIT_MS, submit } from './jobs';
import { watchWork } from './longTasks';
import { notePainted } from './painted';
import { msUntil, pressedAt } from './press';
import { keep, quantilesOf } from './results';
import { test } from './servers';

const SAMPLES = 10;
const PAGES = 60;
const MAP_CELL = '.jp-BatchJobs-taskMap > *';
const LAST_LINE = 'the end of it';

for (const count of [1_000, 100_000]) {
  test(`the table of ${count} jobs`, async ({ page, start }) => {
    const server = await start();
    fillStore(server, count);
    const firsts: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      await new Lab(page, server).open();
      firsts.push(await firstRows(page));
    }
    const table = new JobsTable(page);
    await table.expectShown();
    const elements = await table.root.locator('*').count();
    const empty = await emptyGrid(page);
    await empty.focus();
    const emptied = await paging(page);
    await empty.evaluate(element => element.remove());
    await table.grid.focus();
    const paged = await paging(page);
    await table.expectShown();
    keep(`table-${count}`, {
      ...quantilesOf(firsts),
      elements,
      ...paged,
      empty_longest_task_ms: emptied.longest_task_ms,
      empty_frame_ms: emptied.frame_ms,
      empty_busy_ms: emptied.busy_ms
    });
  });
}

test('the map of 100,000 tasks', async ({ page, start }) => {
  const server = await start();
  fillStore(server, 0, 100_000);
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  await panel.row('sky').root.click();
  const job = new JobPage(page);
  const times: number[] = [];
  for (let sample = 0; sample <= SAMPLES; sample++) {
    await job.part('Record').click();
    await expect(page.locator(MAP_CELL).first()).toBeHidden();
    const painted = await notePainted(page, { selector: MAP_CELL });
    times.push(
      await msUntil(painted, () => job.part('Tasks').evaluate(pressedAt))
    );
  }
  // The first time the scripts of the map and all states come as well.
  const [first, ...again] = times;
  keep('task-map', { first_ms: first, ...quantilesOf(again) });
});

for (const [name, bytes] of [
  ['3kB', 3e3],
  ['3GB', 3e9]
] as const) {
  test(`a log of ${name}`, async ({ page, start }) => {
    const server = await start();
    const lines = `yes "$(seq -s ' ' 20)" | head -c ${bytes - LAST_LINE.length}`;
    await submit(server, 'local', 'writes', {
      kind: 'command',
      argv: ['sh', '-c', `${lines}; printf '${LAST_LINE}'`]
    });
    const panel = new JobsPanel(page);
    const row = panel.row('writes');
    const times: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      await new Lab(page, server).open();
      await panel.show();
      await row.expectState('Completed', JOB_LIMIT_MS);
      const painted = await notePainted(page, {
        selector: '[role="log"]',
        words: [LAST_LINE]
      });
      times.push(await msUntil(painted, () => row.root.evaluate(pressedAt)));
    }
    keep(`log-${name}`, quantilesOf(times));
  });
}

/** Lay something over the table that scrolls as far, and in which there is nothing. */
async function emptyGrid(page: Page): Promise<Locator> {
  await page.locator('#jupyterlab-batch-table').evaluate(table => {
    const empty = document.createElement('div');
    empty.id = 'empty-grid';
    empty.tabIndex = 0;
    empty.style.cssText = 'position: absolute; inset: 0; overflow: auto';
    const space = document.createElement('div');
    space.style.height = '2900000px';
    empty.append(space);
    table.append(empty);
  });
  return page.locator('#empty-grid');
}

/** Page down again and again; tell what the browser does meanwhile. */
async function paging(page: Page) {
  const work = await watchWork(page);
  for (let pages = 0; pages < PAGES; pages++) {
    await page.keyboard.press('PageDown');
  }
  return work(PAGES);
}
