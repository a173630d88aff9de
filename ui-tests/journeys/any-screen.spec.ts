import { expect, type Page, test } from '@playwright/test';

import { EXPOSED } from '../pages/application';
import { ClustersSection } from '../pages/clusters-section';
import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { expectAccessibleInAllThemes } from '../pages/themes';
import { JupyterServer, LOCAL_ONLY } from '../servers/jupyter-server';

const PANEL = '#jupyterlab-batch-jobs';
const FORM = '.jp-BatchJobs-compose';
const PAGE = '.jp-BatchJobs-job';
/** Axe looks at each of many screens in each theme. */
const LOOKS_LONG_MS = 400_000;
const COMMANDS = {
  'photoz-train': 'exit 3',
  'bulk-colours': 'echo well done',
  'lens-mcmc': 'sleep 300',
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7].map(at => [`night-${at}`, 'true'])
  )
};

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start({ config: `${LOCAL_ONLY}\n${EXPOSED}` });
});

test.afterAll(() => server.stop());

test('no barrier in light, dark and high contrast, with nothing, ten rows and an error', async ({
  page
}) => {
  test.setTimeout(LOOKS_LONG_MS);
  const panel = await open(page);
  await expect(panel.root).toContainText('No jobs yet');
  await expectAccessibleInAllThemes(page, PANEL);

  await submitAll();
  await panel.row('photoz-train').expectState('Failed');
  await panel.row('bulk-colours').expectState('Completed');
  await expect(panel.grid.locator('[data-job-id]')).toHaveCount(10);
  await expectAccessibleInAllThemes(page, PANEL);

  await panel.newJob();
  const form = new ComposeForm(page);
  await form.fill({ 'Time limit': 'banana' });
  await form.field('Cores').focus();
  await form.expectIssue('Time limit', /duration/);
  await expectAccessibleInAllThemes(page, FORM);

  await panel.row('lens-mcmc').root.click();
  await expect(new JobPage(page).root).toContainText('lens-mcmc');
  await expectAccessibleInAllThemes(page, PAGE);
});

test('no barrier in any dialog, in light, dark and high contrast', async ({
  page
}) => {
  test.setTimeout(LOOKS_LONG_MS);
  await submitAll();
  const panel = await open(page);
  await panel.row('photoz-train').expectState('Failed');
  await panel.row('bulk-colours').expectState('Completed');
  const dialog = page.getByRole('dialog');
  const check = async (words: RegExp): Promise<void> => {
    await expect(dialog).toContainText(words);
    await expectAccessibleInAllThemes(page, '.jp-Dialog');
    await dialog.press('Escape');
    await expect(dialog).toHaveCount(0);
  };
  await panel.row('lens-mcmc').root.press('Delete');
  await check(/Cancel job lens-mcmc/);
  await panel.row('photoz-train').press('Resubmit');
  await check(/Resubmit photoz-train/);
  for (const name of ['photoz-train', 'bulk-colours']) {
    await panel.row(name).root.press('Space');
  }
  const bar = panel.root.getByRole('group', { name: 'Selected jobs' });
  await bar.getByRole('button', { name: 'Resubmit 2' }).click();
  await check(/Also where there are warnings/);
  await bar.getByRole('button', { name: 'Forget 2' }).click();
  await check(/Forget 2/);
  await panel.newJob();
  await new ComposeForm(page).root
    .getByRole('button', { name: 'Save as template…' })
    .click();
  await check(/Save as Template/);
  await new ClustersSection(page).open();
  await check(/New Dask cluster/);
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

test('a quantity keeps its order in a page that is read from right to left', async ({
  page
}) => {
  await submitAll();
  const panel = await open(page);
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
  await panel.row('photoz-train').root.click();
  for (const [fact, number, unit] of [
    ['Memory', '256', 'MB'],
    ['Time limit', '10', 'min']
  ]) {
    const value = new JobPage(page).fact(fact);
    await expect(value).toContainText(`${number} ${unit}`);
    const [first, second] = await value.evaluate(placesOf, [number, unit]);
    expect(first, fact).toBeLessThan(second);
  }
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

/** Where words are drawn that stand in the first text of an element. */
function placesOf(element: Element, words: string[]): number[] {
  const text = document
    .createTreeWalker(element, NodeFilter.SHOW_TEXT)
    .nextNode();
  return words.map(word => {
    const range = document.createRange();
    const start = text?.nodeValue?.indexOf(word) ?? -1;
    range.setStart(text ?? element, start);
    range.setEnd(text ?? element, start + word.length);
    return range.getBoundingClientRect().x;
  });
}

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
