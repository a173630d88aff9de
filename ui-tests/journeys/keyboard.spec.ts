import { expect, type Page, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';

// What shares no server can go on at the same time.
test.describe.configure({ mode: 'parallel' });

for (const theme of ['JupyterLab Light', 'JupyterLab Dark'] as const) {
  test.describe(theme, () => {
    test.describe.configure({ mode: 'default' });
    let server: JupyterServer;

    test.beforeAll(async () => {
      server = await JupyterServer.start({ theme });
    });

    test.afterAll(() => server.stop());

    test('submit, walk through the list, open and cancel by keyboard', async ({
      page
    }) => {
      const panel = await open(page, server);
      await submit(page, panel, 'sleeper', 'sleep 300');
      await submit(page, panel, 'done', 'echo well done');
      await panel.row('sleeper').expectState('Running');
      await panel.row('done').expectState('Completed');

      const rows = panel.grid.locator('[data-job-id]');
      await rows.first().focus();
      await expect(panel.row('sleeper').root).toBeFocused();
      await page.keyboard.press('ArrowDown');
      await expect(panel.row('done').root).toBeFocused();
      await page.keyboard.press('Enter');
      await expect(new JobPage(page).log).toContainText('well done');

      await rows.first().focus();
      await page.keyboard.press('Delete');
      const dialog = page.getByRole('dialog');
      await expect(dialog).toBeVisible();
      await dialog.getByRole('button', { name: 'Cancel Job' }).press('Enter');
      await panel.row('sleeper').expectState('Cancelled');
    });
  });
}

async function open(page: Page, server: JupyterServer): Promise<JobsPanel> {
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  return panel;
}

async function submit(
  page: Page,
  panel: JobsPanel,
  name: string,
  command: string
): Promise<void> {
  const form = new ComposeForm(page);
  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: name, Command: command, Cores: '1' });
  await expect(form.preview).toHaveAttribute('aria-busy', 'false');
  await form.field('Cores').press('Control+Enter');
  await expect(panel.rows(name)).toBeVisible();
}
