import { expect, type Page, test } from '@playwright/test';

import { expectAccessible } from '../pages/accessible';
import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';

const PANEL = '#jupyterlab-batch-jobs';
const FORM = '.jp-BatchJobs-compose';
const PAGE = '.jp-BatchJobs-job';
/** A screen of 1280 × 1024 pixels at 400 %. */
const AT_400_PERCENT = { width: 320, height: 256 };
const COMMANDS = {
  'photoz-train': 'exit 3',
  'bulk-colours': 'echo well done',
  'lens-mcmc': 'sleep 300'
};

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start({
    theme: 'JupyterLab Dark High Contrast'
  });
});

test.afterAll(() => server.stop());

test('no barrier in high contrast, with nothing, rows, an error and a dialog', async ({
  page
}) => {
  const panel = await open(page);
  await expect(panel.root).toContainText('No jobs yet');
  await expectAccessible(page, PANEL);

  await submitAll();
  await panel.row('photoz-train').expectState('Failed');
  await panel.row('bulk-colours').expectState('Completed');
  await expectAccessible(page, PANEL);

  await panel.newJob();
  const form = new ComposeForm(page);
  await form.fill({ 'Time limit': 'banana' });
  await form.field('Cores').focus();
  await form.expectIssue('Time limit', /duration/);
  await expectAccessible(page, FORM);

  await panel.row('lens-mcmc').root.click();
  await expect(new JobPage(page).root).toContainText('lens-mcmc');
  await expectAccessible(page, PAGE);
  await panel.row('lens-mcmc').root.press('Delete');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, '.jp-Dialog');
});

test('at 400 % form and page are read without scrolling sideways', async ({
  page
}) => {
  await submitAll();
  const panel = await open(page);
  await panel.newJob();
  await expect(new ComposeForm(page).field('Name')).toBeVisible();
  await panel.row('bulk-colours').root.click();
  await expect(new JobPage(page).log).toContainText('well done');
  await page.keyboard.press('Control+B');
  await page.setViewportSize(AT_400_PERCENT);
  await expectNoSidewaysScroll(page, `${PAGE} .jp-BatchJobs-jobBody`);
  await new Lab(page, server).tab('New job').click();
  await expectNoSidewaysScroll(page, `${FORM} .jp-BatchJobs-composeMain`);
});

test('a name keeps its order in a page that is read from right to left', async ({
  page
}) => {
  await submitAll();
  const panel = await open(page);
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
  const name = panel.row('photoz-train').root.locator('[title=photoz-train]');
  const [head, tail] = await Promise.all(
    ['phot', 'oz-train'].map(part =>
      name.getByText(part, { exact: true }).boundingBox()
    )
  );
  expect(head?.x).toBeLessThan(tail?.x ?? 0);
});

test('with colours of the user, the chosen row alone is marked', async ({
  page
}) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await submitAll();
  const panel = await open(page);
  const marks = (name: string) =>
    panel.row(name).root.evaluate(row => getComputedStyle(row).borderLeftColor);
  await panel.row('bulk-colours').root.press('Space');
  const canvas = await page.evaluate(() => {
    document.body.style.backgroundColor = 'canvas';
    return getComputedStyle(document.body).backgroundColor;
  });
  expect(await marks('photoz-train')).toBe(canvas);
  await expect(panel.row('bulk-colours').root).toHaveClass(/jp-mod-selected/);
  expect(await marks('bulk-colours')).not.toBe(canvas);
});

/** Submit all jobs, each once however often this is called. */
async function submitAll(): Promise<void> {
  for (const [name, command] of Object.entries(COMMANDS)) {
    await submit(name, command);
  }
}

async function open(page: Page): Promise<JobsPanel> {
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  return panel;
}

async function submit(name: string, command: string): Promise<void> {
  const answer = await server.call('POST', 'jobs', {
    key: `any-screen-${name}`,
    body: {
      gateway_id: 'local',
      spec: {
        name,
        task: { kind: 'command', argv: ['sh', '-c', command] },
        environment: { kind: 'inherit' },
        resources: {
          cores: 1,
          memory_bytes: 2 ** 28,
          walltime_seconds: 600
        }
      }
    }
  });
  expect(answer.ok, await answer.clone().text()).toBe(true);
}

/** Expect that nothing stands out at the right, but for what scrolls by itself, as a table does. */
async function expectNoSidewaysScroll(
  page: Page,
  selector: string
): Promise<void> {
  const outside = (box: Element) => {
    const scrolls = (e: Element | null): boolean =>
      e !== null &&
      e !== box &&
      (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
    const right = box.getBoundingClientRect().right;
    return Array.from(box.querySelectorAll('*'))
      .filter(e => e.getBoundingClientRect().right > right + 1)
      .filter(e => !scrolls(e.parentElement))
      .map(e => `${e.tagName} ${e.className} ${e.textContent}`);
  };
  await expect.poll(() => page.locator(selector).evaluate(outside)).toEqual([]);
}
