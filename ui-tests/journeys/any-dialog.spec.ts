import { expect, type Page, test } from '@playwright/test';

import { EXPOSED } from '../pages/application';
import { ComposeForm } from '../pages/compose-form';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { expectAccessibleInAllThemes } from '../pages/themes';
import { JupyterServer, LOCAL_ONLY } from '../servers/jupyter-server';

/** Axe looks at each dialog in each theme. */
const LOOKS_LONG_MS = 400_000;

let server: JupyterServer;
let page: Page;
let lab: Lab;
let panel: JobsPanel;

test.beforeAll(async () => {
  server = await JupyterServer.start({ config: `${LOCAL_ONLY}\n${EXPOSED}` });
});

test.afterAll(() => server.stop());

test.beforeEach(open);

test('a template is written over another', async () => {
  await panel.newJob();
  const save = async (): Promise<void> => {
    await new ComposeForm(page).root
      .getByRole('button', { name: 'Save as template…' })
      .click();
    await lab.dialog().getByRole('textbox').fill('night.batch.json');
    await lab.dialog().getByRole('button', { name: 'Save' }).click();
  };
  await save();
  await expect(lab.dialog()).toHaveCount(0);
  await save();
  await expectNoBarrier(/Replace the file/);
});

test('a notebook has changes that are not saved', async () => {
  await lab.openFileBrowser();
  await lab.file('lens-time-delay.ipynb').dblclick();
  const notebook = new Notebook(page);
  await notebook.expectReady();
  await notebook.type('changed = True');
  await notebook.runAsBatchJob();
  await expectNoBarrier(/Go On Without Saving/);
});

test('answers were lost, and run directories go', async () => {
  for (const name of ['one', 'two']) {
    await submit(name, 'false');
    await panel.row(name).expectState('Failed');
    await panel.row(name).root.press('Space');
  }
  await page.route('**/resubmit*', route => route.abort());
  await panel.root.getByRole('button', { name: 'Resubmit 2' }).click();
  await lab.dialog().getByRole('button', { name: 'Resubmit 2 Jobs' }).click();
  await expectNoBarrier(/Trying again runs nothing twice/);

  await lab.runCommand('Manage Run Directories');
  const directories = page.locator('#jupyterlab-batch-run-directories');
  await directories.getByLabel(/^Select all/).check();
  await directories.getByRole('button', { name: 'Remove…' }).click();
  await expectNoBarrier(/are removed for good/);
});

/** Open JupyterLab with the panel. */
async function open({ page: fresh }: { page: Page }): Promise<void> {
  test.setTimeout(LOOKS_LONG_MS);
  page = fresh;
  lab = new Lab(page, server);
  panel = new JobsPanel(page);
  await lab.open();
  await panel.show();
}

/** Expect that the dialog is open which says this, look at it in each theme, and close it. */
async function expectNoBarrier(words: RegExp): Promise<void> {
  await expect(lab.dialog()).toContainText(words);
  await expectAccessibleInAllThemes(page, '.jp-Dialog');
  await lab.dialog().press('Escape');
  await expect(lab.dialog()).toHaveCount(0);
}

async function submit(name: string, command: string): Promise<void> {
  const answer = await server.call('POST', 'jobs', {
    key: `any-dialog-of-${name}-0001`,
    body: {
      gateway_id: 'local',
      spec: {
        name,
        task: { kind: 'command', argv: ['sh', '-c', command] },
        resources: {
          cores: 1,
          memory_bytes: 2 ** 28,
          walltime_seconds: 600
        }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
}
