import { expect, type Locator, type Page, test } from '@playwright/test';

import { execute, EXPOSED } from '../pages/application';
import { JobPage } from '../pages/job-page';
import { JobsTable } from '../pages/jobs-table';
import { Lab } from '../pages/lab';
import { LONGER_WORDS, translate } from '../pages/translation';
import { JupyterServer, LOCAL_ONLY } from '../servers/jupyter-server';

const LONG_NAME = 'photometric-redshifts-'.repeat(6);

let server: JupyterServer;
let arrayId: string;
let singleId: string;

test.beforeAll(async () => {
  server = await JupyterServer.start({ config: `${LOCAL_ONLY}\n${EXPOSED}` });
  singleId = await submit(LONG_NAME, 'exit 3');
  arrayId = await submit('lens-mcmc', 'test $BATCH_TASK_INDEX != 1', {
    kind: 'index',
    start: 0,
    stop: 2
  });
  await submit('waits', 'sleep 600');
});

test.afterAll(() => server.stop());

for (const [what, part] of [
  ['a job', 'Overview'],
  ['an array', 'Tasks']
] as const) {
  test(`what ${what} used stands beside the rest where there is room`, async ({
    page
  }) => {
    const job = await openJob(page, part === 'Tasks' ? arrayId : singleId);
    await job.part(part).click();
    const use = job.root.getByRole('heading', {
      name: /use.* of what .*asked/
    });
    const first = job.root.getByText(part === 'Tasks' ? 'Map' : 'When').first();
    await expect(use).toBeVisible({ timeout: 60_000 });
    await page.setViewportSize({ width: 1440, height: 860 });
    await expect.poll(() => isBeside(first, use)).toBe(true);
    await page.setViewportSize({ width: 1024, height: 860 });
    await expect.poll(() => isBeside(first, use)).toBe(false);
  });
}

for (const width of [1024, 1280]) {
  test(`at ${width} pixels a cell that is cut says all in its tooltip`, async ({
    page
  }) => {
    translate(server, LONGER_WORDS);
    try {
      await page.setViewportSize({ width, height: 860 });
      await new Lab(page, server).open('');
      await execute(page, 'jupyterlab-batch:show-jobs');
      await execute(page, 'jupyterlab-batch:open-table');
      const grid = new JobsTable(page).root.getByRole('grid');
      await expect(grid.locator('[data-job-id]')).toHaveCount(3);
      await expect(grid.getByText(LONG_NAME)).toBeVisible();
      const cells = grid.locator('.jp-BatchJobs-tableCell');
      let cutCount = 0;
      for (const cell of await cells.all()) {
        const missing = await hoveredCut(cell);
        cutCount += missing === null ? 0 : 1;
        expect(missing ?? '').toBe('');
      }
      expect(cutCount).toBeGreaterThan(0);
    } finally {
      translate(server, {});
    }
  });

  test(`at ${width} pixels each button for selected jobs is in sight`, async ({
    page
  }) => {
    await page.setViewportSize({ width, height: 860 });
    await new Lab(page, server).open('');
    await execute(page, 'jupyterlab-batch:show-jobs');
    await execute(page, 'jupyterlab-batch:open-table');
    const table = new JobsTable(page);
    await table.expectShown();
    for (const name of ['lens-mcmc', 'waits']) {
      await table.row(name).getByRole('checkbox').click();
    }
    await expect(table.selected).toContainText('2 selected');
    for (const button of await table.selected.getByRole('button').all()) {
      await expect(button).toBeInViewport({ ratio: 0.99 });
    }
  });
}

/** Open the page of a job, beside the panel. */
async function openJob(page: Page, id: string): Promise<JobPage> {
  await new Lab(page, server).open('');
  await execute(page, 'jupyterlab-batch:show-jobs');
  await execute(page, 'jupyterlab-batch:open-job', { job_id: id });
  return new JobPage(page);
}

/** Whether one thing stands at the right of another, and begins where that does. */
async function isBeside(one: Locator, other: Locator): Promise<boolean> {
  const [a, b] = [await one.boundingBox(), await other.boundingBox()];
  return (
    a !== null && b !== null && b.x > a.x + a.width && Math.abs(b.y - a.y) < 24
  );
}

/** Point at a cell of which a part is not drawn; null of others, else what its tooltip does not say. */
async function hoveredCut(cell: Locator): Promise<string | null> {
  const isCut = await cell.evaluate(element => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const { left, right } = element.getBoundingClientRect();
    const text = range.getBoundingClientRect();
    return text.right > right + 1 || text.left < left - 1;
  });
  if (!isCut) {
    return null;
  }
  await cell.hover();
  return cell.evaluate(element => {
    const told = [element, ...element.querySelectorAll('[title]')]
      .map(one => one.getAttribute('title') ?? '')
      .join('\n');
    const text = (element.textContent ?? '').replace(/ [↓↑]$/, '').trim();
    return told.includes(text) ? '' : text;
  });
}

async function submit(
  name: string,
  command: string,
  array?: object
): Promise<string> {
  const answer = await server.call('POST', 'jobs?anyway=true', {
    key: `room-for-all-of-${name.slice(0, 20)}`,
    body: {
      gateway_id: 'local',
      spec: {
        name,
        task: { kind: 'command', argv: ['sh', '-c', command] },
        resources: { cores: 1, memory_bytes: 2 ** 28, walltime_seconds: 600 },
        array
      }
    }
  });
  expect(answer.ok, await answer.clone().text()).toBe(true);
  return (await answer.json()).id;
}
