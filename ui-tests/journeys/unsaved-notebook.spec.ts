import { readFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { JupyterServer } from '../servers/jupyter-server';

const NAME = 'lens-time-delay.ipynb';

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('the menu of a cell and that of an editor lead to the form too', async ({
  page
}) => {
  const lab = new Lab(page, server);
  const form = new ComposeForm(page);
  await lab.open();
  await lab.file(NAME).dblclick();
  await new Notebook(page).expectReady();
  const cell = page.locator('.jp-Notebook .jp-Cell').first();
  await lab.chooseFromMenu(cell, 'Run Notebook as Batch Job…');
  // Its kernel was noted in it.
  await lab
    .dialog()
    .getByRole('button', { name: 'Go On Without Saving' })
    .click();
  await expect(form.field('Notebook')).toHaveValue(`examples/${NAME}`);

  await lab.openFileBrowser();
  await lab.file('count-cores.sh').dblclick();
  const editor = page.locator('.jp-FileEditor').filter({ visible: true });
  await lab.chooseFromMenu(editor, 'Run Script as Batch Job…');
  await expect(form.field('Script')).toHaveValue('examples/count-cores.sh');
});

test('a notebook with unsaved changes is saved first, or the form says so', async ({
  page
}) => {
  const lab = new Lab(page, server);
  const form = new ComposeForm(page);
  const saved = () =>
    readFileSync(path.join(server.root, 'examples', NAME), 'utf-8');
  await lab.open();
  await lab.file(NAME).dblclick();
  const notebook = new Notebook(page);
  await notebook.expectReady();
  await notebook.type('changed = "but not saved"');

  await notebook.runAsBatchJob();
  await lab
    .dialog()
    .getByRole('button', { name: 'Go On Without Saving' })
    .click();
  await expect(form.root.getByText(/changes that are not saved/)).toBeVisible();
  expect(saved()).not.toContain('but not saved');

  await form.root.getByRole('button', { name: 'Save notebook' }).click();
  await expect(form.root.getByText(/changes that are not saved/)).toHaveCount(
    0
  );
  expect(saved()).toContain('but not saved');

  await lab.tab(NAME).click();
  await notebook.type(' # and more');
  await notebook.runAsBatchJob();
  await lab.dialog().getByRole('button', { name: 'Save', exact: true }).click();
  await expect(form.field('Notebook')).toHaveValue(`examples/${NAME}`);
  expect(saved()).toContain('and more');
});
