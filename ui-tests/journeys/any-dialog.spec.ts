import { writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { EXPOSED } from '../pages/application';
import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { expectAccessibleInAllThemes } from '../pages/themes';
import { GATEWAYS } from '../servers/gateways';
import { JupyterServer, LOCAL_ONLY } from '../servers/jupyter-server';
import { signalSupervisor } from '../servers/supervisor';

/** Axe looks at each dialog in each theme. */
const LOOKS_LONG_MS = 400_000;
const SCRIPT = '#!/bin/bash\n#SBATCH --job-name=tiles\ntrue\n';

let server: JupyterServer;
let page: Page;
let lab: Lab;
let panel: JobsPanel;

test.describe('on this machine', () => {
  test.beforeAll(async () => {
    server = await JupyterServer.start({ config: `${LOCAL_ONLY}\n${EXPOSED}` });
  });

  test.afterAll(() => server.stop());

  test.beforeEach(open);

  test('a job that nobody can find is given up', async () => {
    // There is an engine from the first job on.
    await submit('local', 'first', 'true');
    await panel.row('first').expectState('Completed');
    signalSupervisor(server.folder, 'SIGSTOP');
    try {
      await submit('local', 'doubtful', 'true');
      await panel.row('doubtful').expectState('Unknown');
      await panel.row('doubtful').root.click();
      await new JobPage(page).root
        .getByRole('button', { name: 'It does not exist…' })
        .click();
      await expectNoBarrier(/A second run is harmless/);
    } finally {
      signalSupervisor(server.folder, 'SIGCONT');
    }
  });

  test('a template is written over another', async () => {
    await panel.newJob();
    const save = async (): Promise<void> => {
      await new ComposeForm(page).root
        .getByRole('button', { name: 'Save as template…' })
        .click();
      await expect(lab.dialog()).toContainText('File in examples');
      await lab.dialog().getByRole('textbox').fill('night.batch.json');
      await lab.dialog().getByRole('button', { name: 'Save' }).click();
    };
    await save();
    await expect(lab.dialog()).toHaveCount(0);
    await save();
    await expectNoBarrier(/examples\/night.batch.json is there already/);
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
      await submit('local', name, 'false');
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
});

test.describe('on Slurm', () => {
  const slurm = GATEWAYS.find(({ name }) => name === 'slurm-cli');
  test.skip(!slurm || slurm.missing !== null, slurm?.missing ?? '');

  test.beforeAll(async () => {
    const options = await slurm?.prepare();
    server = await JupyterServer.start({
      ...options,
      config: `${options?.config}\n${EXPOSED}`
    });
    writeFileSync(path.join(server.root, 'examples/tiles.sbatch'), SCRIPT);
  });

  test.afterAll(() => server.stop());

  test.beforeEach(open);

  test('a job is changed, and begins again', async () => {
    await submit('slurm', 'ordered', 'sleep 300');
    await panel.row('ordered').expectState('Running');
    await panel.row('ordered').choose('Change Job…');
    await expectNoBarrier(/It is 10 min now/);
    await panel.row('ordered').choose('Run Again From the Start…');
    await expectNoBarrier(/Run Again/);
  });

  test('a script takes the place of what is in a form', async () => {
    await panel.newJob();
    const form = new ComposeForm(page);
    await form.fill({ Name: 'mine' });
    await form.root.getByRole('button', { name: 'Open script…' }).click();
    await lab
      .dialog()
      .getByRole('listitem', { name: /^Name: tiles.sbatch/ })
      .click();
    await lab.dialog().getByRole('button', { name: 'Select' }).click();
    await expectNoBarrier(/Replace what is in this form/);
  });
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

async function submit(
  gatewayId: string,
  name: string,
  command: string
): Promise<void> {
  const answer = await server.call('POST', 'jobs', {
    key: `any-dialog-of-${name}-0001`,
    body: {
      gateway_id: gatewayId,
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
