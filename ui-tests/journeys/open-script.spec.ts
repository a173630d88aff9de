import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, test } from '@playwright/test';

import { expectAccessible } from '../pages/accessible';
import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { GATEWAYS } from '../servers/gateways';
import { JupyterServer } from '../servers/jupyter-server';

const NAME = 'survey.sbatch';
const SCRIPT = `#!/bin/bash
#SBATCH --job-name=tiles
#SBATCH --partition=batch
#SBATCH --cpus-per-task=2 --mem=300M
#SBATCH --time=0:05:00
#SBATCH --nice=5
#SBATCH --output='tiles of %j.log'
#SBATCH --error=%N.err
echo on $SLURM_CPUS_PER_TASK cores
`;

const slurm = GATEWAYS.find(({ name }) => name === 'slurm-cli');

test.skip(!slurm || slurm.missing !== null, slurm?.missing ?? '');

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start(await slurm?.prepare());
  writeFileSync(file(), SCRIPT);
});

test.afterAll(() => server.stop());

test('a script of the cluster is opened, looked through and run', async ({
  page
}) => {
  const lab = new Lab(page, server);
  const form = new ComposeForm(page);
  const panel = new JobsPanel(page);
  await lab.open();
  await lab.chooseFromMenuOf(NAME, 'Open Batch Script…');
  await expect(form.field('Script')).toHaveValue(`examples/${NAME}`);
  await expect(form.field('Gateway')).toHaveValue('slurm');
  await expect(form.field('Queue')).toHaveValue('batch');
  await expect(form.field('Cores')).toHaveValue('2');
  await expect(form.field('Memory')).toHaveValue('300MB');
  const card = form.root.getByRole('region', { name: `From ${NAME}` });
  await expect(card).toContainText('6 taken, 1 passed on, 1 not honoured.');
  await expect(card.getByRole('listitem').first()).toHaveText(
    /Line 8 --error=%N\.err.*nothing else of Slurm/
  );
  await expectAccessible(page, '.jp-BatchJobs-compose');
  await card.getByRole('button', { name: /--time/ }).click();
  await expect(form.field('Time limit')).toBeFocused();

  await form.submit();
  await panel.row('tiles').expectState('Completed');
  const id = await panel.row('tiles').id();
  const job = await (await server.call('GET', `jobs/${id}`)).json();
  // As `sbatch` names it.
  const log = path.join(
    server.root,
    'examples',
    `tiles of ${job.native_id}.log`
  );
  expect(job.log_paths.stdout).toBe(log);
  expect(readFileSync(log, 'utf-8')).toContain('on 2 cores');
  await panel.row('tiles').press('Open log');
  await expect(new JobPage(page).log).toContainText('on 2 cores');
});

test('what was typed is kept, in the script and in the form', async ({
  page
}) => {
  const lab = new Lab(page, server);
  const form = new ComposeForm(page);
  await lab.open();
  await lab.file(NAME).dblclick();
  const text = page.locator('.jp-FileEditor .cm-content');
  await text.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('End');
  await page.keyboard.type('\n#SBATCH --job-name=first');
  await text.click({ button: 'right' });
  const open = { name: 'Open Batch Script…' };
  await page.getByRole('menu').getByRole('menuitem', open).click();
  await lab.dialog().getByRole('button', { name: 'Save', exact: true }).click();
  const card = form.root.getByRole('region', { name: `From ${NAME}` });
  await expect(card).toContainText('Line 3 says it again.');
  expect(readFileSync(file(), 'utf-8')).toContain('--job-name=first');

  await form.fill({ Name: 'mine' });
  await form.root.getByRole('button', { name: 'Open script…' }).click();
  await lab
    .dialog()
    .getByRole('listitem', { name: new RegExp(`^Name: ${NAME}`) })
    .click();
  await lab.dialog().getByRole('button', { name: 'Select' }).click();
  await expect(lab.dialog()).toContainText('Replace what is in this form?');
  await lab.dialog().getByRole('button', { name: 'Cancel' }).click();
  await expect(form.field('Name')).toHaveValue('mine');

  // The form and what is said of its script are there after a reload.
  await expect
    .poll(async () =>
      JSON.stringify(await (await server.call('GET', 'drafts')).json())
    )
    .toContain('"mine"');
  await lab.reload();
  await expect(form.field('Name')).toHaveValue('mine');
  await expect(card).toContainText('Line 3 says it again.');
});

function file(): string {
  return path.join(server.root, 'examples', NAME);
}
