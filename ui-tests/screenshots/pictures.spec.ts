import * as path from 'node:path';

import { expect, type Locator, type Page, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobCard } from '../pages/job-card';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { JupyterServer } from '../servers/jupyter-server';
import { PROJECT } from '../servers/programs';

const IMAGES = path.join(PROJECT, 'docs/images');
const MEBIBYTE = 2 ** 20;

for (const theme of ['JupyterLab Light', 'JupyterLab Dark'] as const) {
  test.describe(theme, () => pictures(theme));
}

/** Take all pictures in one theme. */
function pictures(theme: 'JupyterLab Light' | 'JupyterLab Dark'): void {
  const suffix = theme === 'JupyterLab Dark' ? 'dark' : 'light';

  /** Keep a picture of the page, or of a part of it. */
  const take = async (name: string, part: Page | Locator): Promise<void> => {
    await part.screenshot({ path: path.join(IMAGES, `${name}-${suffix}.png`) });
  };

  let server: JupyterServer;

  test.beforeAll(async () => {
    server = await JupyterServer.start({ theme });
  });

  test.afterAll(() => server.stop());

  test(`pictures in ${suffix}`, async ({ page }) => {
    const lab = new Lab(page, server);
    const panel = new JobsPanel(page);
    await lab.open();
    await panel.show();
    await expect(panel.root).toContainText('No jobs yet.');
    await take('empty', page);

    const jobs = await submitSome(server);
    await expect(panel.rowOf(jobs.failed).root).toBeVisible();
    await panel.rowOf(jobs.failed).expectState('Failed');
    await panel.rowOf(jobs.finished).expectState('Completed');
    await panel.rowOf(jobs.running).expectState('Running');

    await takeCard(lab, server, take);
    await panel.rowOf(jobs.failed).root.click();
    await expect(new JobPage(page).log).toContainText('no such table');
    await take('failed', page);

    await panel.rowOf(jobs.running).root.click();
    await expect(panel.rowOf(jobs.running).root).toContainText(
      /cell 1\d of \d+/,
      { timeout: 60_000 }
    );
    await take('running', page);

    await takeForm(lab, page, take);
    await takeActions(lab, panel, jobs, take);
    await takeArray(server, page, take);

    await server.kill();
    await expect(panel.root.getByText(/has not answered since/)).toBeVisible({
      timeout: 60_000
    });
    await take('server-down', page);
  });
}

type Take = (name: string, part: Page | Locator) => Promise<void>;

/** The form for the example notebook, with its parameters. */
async function takeForm(lab: Lab, page: Page, take: Take): Promise<void> {
  await lab.page.getByRole('tab', { name: /^File Browser/ }).click();
  await lab.chooseFromMenuOf('lens-time-delay.ipynb', /Run as Batch Job/);
  const form = new ComposeForm(page);
  await form.fill({ 'Value of seed': '3', 'Value of n_steps': '4000' });
  await expect(form.preview).toContainText('notebook_runner');
  await expect(form.preview).toHaveAttribute('aria-busy', 'false');
  // The script names folders of this machine.
  await form.showAs('Python');
  await new JobsPanel(page).show();
  await take('form', page);
}

/** The dialog that resubmits, and the bar of a selection. */
async function takeActions(
  lab: Lab,
  panel: JobsPanel,
  jobs: IJobs,
  take: Take
): Promise<void> {
  await panel.rowOf(jobs.hungry).expectState('Failed');
  await panel.rowOf(jobs.hungry).press('Resubmit');
  await expect(lab.dialog()).toContainText(/Try \d+ MB/);
  await take('resubmit', lab.dialog().locator('.jp-Dialog-content'));
  await lab.page.keyboard.press('Escape');
  await expect(lab.dialog()).toHaveCount(0);

  for (const id of [jobs.failed, jobs.hungry, jobs.finished]) {
    await panel.rowOf(id).root.focus();
    await lab.page.keyboard.press('Space');
  }
  await expect(
    panel.root.getByRole('group', { name: 'Selected jobs' })
  ).toContainText('3 selected');
  await take('selection', panel.root);
  await lab.page.keyboard.press('Escape');
}

/** The page of an array of which some tasks have failed. */
async function takeArray(
  server: JupyterServer,
  page: Page,
  take: Take
): Promise<void> {
  const { rows } = await (await server.call('GET', 'jobs')).json();
  await server.call('POST', 'jobs/actions', {
    body: {
      action: 'cancel',
      job_ids: rows.map((row: { id: string }) => row.id)
    }
  });
  const id = await submit(
    server,
    'lens-mcmc',
    {
      kind: 'command',
      argv: [
        'sh',
        '-c',
        'echo chain {index}; test {index} -lt 40 || sleep 300; test $(({index} % 9)) != 4'
      ]
    },
    { array: { kind: 'index', start: 0, stop: 59 } }
  );
  const panel = new JobsPanel(page);
  await expect(panel.rowOf(id).root).toHaveAccessibleName(/40 of 60 done/, {
    timeout: 120_000
  });
  await panel.rowOf(id).root.click();
  const job = new JobPage(page);
  await job.showTaskTable();
  await job.task(13).dblclick();
  await expect(job.log).toContainText('chain 13');
  await take('array', page);
}

/** A card in a notebook beside the panel: also the picture that opens the README. */
async function takeCard(
  lab: Lab,
  server: JupyterServer,
  take: Take
): Promise<void> {
  const notebook = new Notebook(lab.page);
  await notebook.create();
  await notebook.run('%load_ext jupyterlab_batch');
  await notebook.run(
    `%batch submit lens-time-delay.ipynb --mem 1GB --time 10m -p seed=5 --name time-delay-5`
  );
  const card = new JobCard(lab.page, 'time-delay-5');
  await expect(card.root).toBeVisible();
  for (const name of ['galaxy-shapes', 'high-redshift-model']) {
    await submit(
      server,
      name,
      { kind: 'command', argv: ['sleep', '60'] },
      { cores: 2 }
    );
  }
  await expect(card.root).toContainText(/cell \d+ of \d+/);
  await take('card', card.root);
  await take('panel', lab.page);
}

interface IJobs {
  failed: string;
  /** Used more memory than it may. */
  hungry: string;
  finished: string;
  running: string;
}

/** Jobs in all states that this machine can show. */
async function submitSome(server: JupyterServer): Promise<IJobs> {
  const failed = await submit(server, 'photometric-redshifts', {
    kind: 'command',
    argv: ['sh', '-c', 'echo opening catalogue; echo no such table; exit 3']
  });
  const finished = await submit(server, 'calibration-check', {
    kind: 'script',
    path: 'examples/extract-sources.py'
  });
  const running = await submit(server, 'lens-time-delay', {
    kind: 'notebook',
    path: 'examples/lens-time-delay.ipynb',
    parameters: { n_steps: 20000 }
  });
  const hungry = await submit(
    server,
    'mosaic-i-band',
    {
      kind: 'command',
      argv: [
        'python3',
        '-c',
        'import time; x = b"x" * (280 * 2**20); time.sleep(60)'
      ]
    },
    { memory_bytes: 256 * MEBIBYTE }
  );
  return { failed, hungry, finished, running };
}

async function submit(
  server: JupyterServer,
  name: string,
  task: object,
  asked: { cores?: number; memory_bytes?: number; array?: object } = {}
): Promise<string> {
  const { array, ...resources } = asked;
  const answer = await server.call('POST', 'jobs?anyway=true', {
    key: `picture-of-${name}`,
    body: {
      gateway_id: 'local',
      spec: {
        name,
        task,
        resources: {
          cores: 1,
          memory_bytes: 1024 * MEBIBYTE,
          walltime_seconds: 3600,
          ...resources
        },
        array
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return (await answer.json()).id;
}
