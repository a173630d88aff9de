import { expect, type Locator, type Page, test } from '@playwright/test';

import { execute, EXPOSED } from '../pages/application';
import { ComposeForm } from '../pages/compose-form';
import { JobCard } from '../pages/job-card';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { expectReadable } from '../pages/layout';
import { Notebook } from '../pages/notebook';
import { expectAccessibleInAllThemes } from '../pages/themes';
import { LONGER_WORDS, translate } from '../pages/translation';
import { JupyterServer, LOCAL_ONLY } from '../servers/jupyter-server';

/** A screen of 1280 × 1024 pixels at so many per cent. */
const ZOOMED = {
  200: { width: 640, height: 512 },
  400: { width: 320, height: 256 }
} as const;
const NARROW = { width: 1024, height: 768 };
/** A name as only programs make them. */
const LONG_NAME = 'x'.repeat(200);
const FAIL_ONE =
  'test $BATCH_TASK_INDEX != 7 || { echo no photometric catalogue of this night; exit 3; }';
const ARRAY = { kind: 'index', start: 0, stop: 19 };

let server: JupyterServer;
let arrayId: string;
let failedId: string;

test.beforeAll(async () => {
  server = await JupyterServer.start({ config: `${LOCAL_ONLY}\n${EXPOSED}` });
  await submit('bulk-colours', 'echo well done');
  await submit(LONG_NAME, 'sleep 600');
  failedId = await submit('photoz-train', 'echo no such table; exit 3');
  arrayId = await submit('lens-mcmc', FAIL_ONE, {
    array: ARRAY
  });
  await submit('highz-forward-model', 'true', { cores: 2 });
});

test.afterAll(() => server.stop());

test('the panel is read at 240 pixels', async ({ page }) => {
  const panel = await open(page);
  await panel.resize(240);
  await expectReadable(panel.root);
});

for (const percent of [200, 400] as const) {
  test(`at ${percent} % everything is read and reached`, async ({ page }) => {
    await open(page);
    await openViews(page);
    await page.setViewportSize(ZOOMED[percent]);
    await expectEveryView(page);
  });
}

test('with longer words everything is read, and from right to left', async ({
  page
}) => {
  translate(server, LONGER_WORDS);
  try {
    const panel = await open(page);
    await expectReadable(panel.root);
    await openViews(page);
    await expectEveryView(page);
    await page.evaluate(() => {
      document.documentElement.dir = 'rtl';
    });
    await expectEveryView(page);
  } finally {
    translate(server, {});
  }
});

test('the card of an array is read and reached at any width and in all themes', async ({
  page
}) => {
  test.setTimeout(300_000);
  translate(server, LONGER_WORDS);
  try {
    await open(page);
    await execute(page, 'application:toggle-left-area');
    await execute(page, 'notebook:create-new', { kernelName: 'python3' });
    const notebook = new Notebook(page);
    await notebook.expectReady();
    await notebook.run(
      `from jupyterlab_batch.client import Batch\nBatch().job("${arrayId}")`
    );
    const card = new JobCard(page, 'lens-mcmc').root;
    await expect(card.getByRole('button')).toHaveCount(2, { timeout: 60_000 });
    await expectAccessibleInAllThemes(page, '.jp-BatchJobs-jobCard');
    for (const dir of ['ltr', 'rtl']) {
      await page.evaluate(to => (document.documentElement.dir = to), dir);
      for (const size of [NARROW, ZOOMED[200], ZOOMED[400]]) {
        await page.setViewportSize(size);
        await expectReadable(card);
      }
    }
  } finally {
    translate(server, {});
  }
});

test('the form has two columns, and one below 900 pixels', async ({ page }) => {
  await open(page);
  await execute(page, 'jupyterlab-batch:new-job');
  await execute(page, 'application:toggle-left-area');
  const { root } = new ComposeForm(page);
  const box = async (part: Locator) =>
    (await part.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await expect(root).toBeVisible();
  const around = 1280 - (await box(root)).width;
  for (const [width, columns] of [
    [1100, 2],
    [902, 2],
    [899, 1],
    [600, 1]
  ]) {
    await page.setViewportSize({ width: width + around, height: 800 });
    await expect
      .poll(async () => {
        const main = await box(root.locator('.jp-BatchJobs-composeMain'));
        const side = await box(root.locator('.jp-BatchJobs-composeSide'));
        const isBeside = side.x >= main.x + main.width - 1;
        const isBelow = side.y >= main.y + main.height - 1;
        return [(await box(root)).width, isBeside ? 2 : isBelow ? 1 : 0];
      })
      .toEqual([width, columns]);
  }
});

test('a notice lies over no button of the form', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 860 });
  const panel = await open(page);
  await panel.newJob();
  const form = new ComposeForm(page);
  await form.chooseKind('Command');
  await form.fill({ Command: 'true', Name: 'noticed' });
  await expect(form.preview).toContainText('claim()');
  await execute(page, 'apputils:notify', {
    // As long as JupyterLab shows it.
    message: 'photometric-redshifts failed. '.repeat(4),
    type: 'warning',
    options: { autoClose: 60_000 }
  });
  const notice = page.locator('.Toastify__toast');
  await expect(notice).toBeVisible();
  const bar = form.root.locator('.jp-BatchJobs-submitBar');
  await expect
    .poll(async () => {
      const [above, below] = [
        await bar.boundingBox(),
        await notice.boundingBox()
      ];
      return (above?.y ?? 0) + (above?.height ?? 0) <= (below?.y ?? 0);
    })
    .toBe(true);
});

test('in greys each phase has a shape and a word of its own', async ({
  page
}) => {
  const panel = await open(page);
  await page.addStyleTag({ content: 'html { filter: grayscale(1); }' });
  const shapes = new Set<string>();
  for (const [group, word] of [
    ['needs_you', 'Failed'],
    ['running', 'Running'],
    ['queued', 'Queued'],
    ['finished_today', 'Completed']
  ]) {
    const row = panel.root.locator(`[data-group="${group}"] [data-job-id]`);
    await expect(row.first()).toContainText(word);
    const icon = row.first().locator('.jp-BatchJobs-phase svg');
    shapes.add(await icon.evaluate(svg => svg.innerHTML));
  }
  expect(shapes.size).toBe(4);
});

test('nothing moves for those who want no motion', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  let answer = (): void => undefined;
  const isAsked = new Promise<void>(resolve => {
    answer = resolve;
  });
  await page.route('**/jupyterlab-batch/v1/jobs?*', async route => {
    await isAsked;
    await route.continue();
  });
  await new Lab(page, server).open('');
  await execute(page, 'jupyterlab-batch:show-jobs');
  const bar = page.getByRole('progressbar', { name: 'Loading jobs' });
  await expect(bar).toHaveCSS('opacity', '1');
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ effect }) => effect?.getTiming().iterations === Infinity)
      .map(animation => (animation as CSSAnimation).animationName)
  );
  expect(moving.filter(name => name.startsWith('jp-batch'))).toEqual([]);
  answer();
  await expect(bar).toHaveCount(0);
});

/** Open JupyterLab with the panel, in which every job is as it will be. */
async function open(page: Page): Promise<JobsPanel> {
  await new Lab(page, server).open('');
  await execute(page, 'jupyterlab-batch:show-jobs');
  const panel = new JobsPanel(page);
  await expect(panel.root.locator('[data-job-id]')).toHaveCount(5);
  for (const group of ['needs_you', 'running', 'queued', 'finished_today']) {
    const count = group === 'needs_you' ? 2 : 1;
    await expect(
      panel.root.locator(`[data-group="${group}"] [data-job-id]`)
    ).toHaveCount(count, { timeout: 60_000 });
  }
  return panel;
}

/** A form with problems, the table, the page of an array and of a job, each in its tab, and no panel. */
async function openViews(page: Page): Promise<void> {
  await execute(page, 'jupyterlab-batch:new-job');
  const field = (name: string): Locator =>
    page.locator(`.jp-BatchJobs-compose [data-field="${name}"]`);
  await field('spec.resources.walltime_seconds').fill('soon');
  await field('spec.task.path').fill('nowhere.ipynb');
  await execute(page, 'jupyterlab-batch:open-table');
  await execute(page, 'jupyterlab-batch:open-job', { job_id: arrayId });
  await expect(page.getByRole('table', { name: /Why 1 task/ })).toBeVisible();
  await execute(page, 'jupyterlab-batch:open-job', { job_id: failedId });
  await expect(page.getByRole('log').last()).toContainText('no such table');
  await execute(page, 'application:toggle-left-area');
}

/** Each view by the id of its tab, and what it holds. */
const VIEWS = [
  ['jupyterlab-batch-compose-', '.jp-BatchJobs-compose'],
  ['jupyterlab-batch-table', '.jp-BatchJobs-tableView'],
  ['jupyterlab-batch-job-', '.jp-BatchJobs-job']
] as const;

/** Expect that each of the views that are open is read and reached, with all its parts. */
async function expectEveryView(page: Page): Promise<void> {
  for (const [id, selector] of VIEWS) {
    const tabs = page.locator(`.lm-TabBar-tab[data-id^="${id}"]`);
    for (const tab of await tabs.all()) {
      await tab.click();
      const view = page.locator(selector).filter({ visible: true });
      await expect(view).toHaveCount(1);
      await expectReadable(view);
      for (const part of await view.getByRole('tab').all()) {
        await part.click();
        await expectReadable(view);
      }
    }
  }
}

async function submit(
  name: string,
  command: string,
  { cores = 1, array }: { cores?: number; array?: object } = {}
): Promise<string> {
  const answer = await server.call('POST', 'jobs?anyway=true', {
    key: `any-width-${name.slice(0, 30)}`,
    body: {
      gateway_id: 'local',
      spec: {
        name,
        task: { kind: 'command', argv: ['sh', '-c', command] },
        resources: { cores, memory_bytes: 2 ** 28, walltime_seconds: 600 },
        array
      }
    }
  });
  expect(answer.ok, await answer.clone().text()).toBe(true);
  return (await answer.json()).id;
}
