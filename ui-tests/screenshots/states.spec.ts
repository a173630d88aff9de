import * as path from 'node:path';

import { expect, type Locator, type Page, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { JobsTable } from '../pages/jobs-table';
import { Lab } from '../pages/lab';
import { fillStore, JupyterServer } from '../servers/jupyter-server';
import { PROJECT } from '../servers/programs';

const IMAGES = path.join(PROJECT, 'docs/images');
/** One Slurm whose tools are not there, and one that wants a token. */
const SILENT = `c.BatchExtension.gateways = [
  {'kind': 'local'},
  {'kind': 'slurm', 'id': 'night', 'title': 'Night cluster', 'transport': 'cli', 'bin_directory': '/var/empty'},
  {'kind': 'slurm', 'id': 'day', 'title': 'Day cluster', 'url': 'http://127.0.0.1:9', 'token_file': '/var/empty/token'},
]`;

for (const theme of ['JupyterLab Light', 'JupyterLab Dark'] as const) {
  const suffix = theme === 'JupyterLab Dark' ? 'dark' : 'light';

  /** Keep a picture of the page, or of a part of it. */
  const take = async (name: string, part: Page | Locator): Promise<void> => {
    await part.screenshot({ path: path.join(IMAGES, `${name}-${suffix}.png`) });
  };

  test(`what is still loading, in ${suffix}`, async ({ page }) => {
    const server = await JupyterServer.start({ theme });
    try {
      fillStore(server, 12);
      let answer = (): void => undefined;
      const isAsked = new Promise<void>(resolve => (answer = resolve));
      await page.route(/\/v1\/(jobs|gateways)(\?|$)/, async route => {
        await isAsked;
        await route.continue();
      });
      await new Lab(page, server).open();
      const panel = new JobsPanel(page);
      await panel.show();
      const bar = panel.root.getByRole('progressbar', { name: 'Loading jobs' });
      await expect(bar).toHaveCSS('opacity', '1');
      await panel.root.getByRole('button', { name: /open as table/i }).click();
      await expect(new JobsTable(page).root.getByRole('progressbar')).toHaveCSS(
        'opacity',
        '1'
      );
      await take('loading', page);
      answer();
      await expect(panel.rows('night-00003')).toBeVisible();
    } finally {
      await server.stop();
    }
  });

  test(`gateways that are silent, in ${suffix}`, async ({ page }) => {
    const server = await JupyterServer.start({ theme, config: SILENT });
    try {
      await new Lab(page, server).open();
      const panel = new JobsPanel(page);
      await panel.show();
      await expect(panel.root).toContainText('Night cluster has not answered');
      await expect(panel.root).toContainText('Not signed in to Day cluster');
      await take('gateway-down', panel.root);

      await panel.newJob();
      const form = new ComposeForm(page);
      await form.chooseKind('Command');
      await form.fill({
        Name: 'galaxy-shapes',
        Command: "shapes --band 'i",
        Cores: '4000',
        'Time limit': 'soon'
      });
      await form.pressSubmit();
      await expect(form.field('Time limit')).toHaveAttribute(
        'aria-invalid',
        'true'
      );
      await take('problem', page);
    } finally {
      await server.stop();
    }
  });

  test(`very many, in ${suffix}`, async ({ page }) => {
    const server = await JupyterServer.start({ theme });
    try {
      fillStore(server, 100_000, 100_000);
      await new Lab(page, server).open();
      const panel = new JobsPanel(page);
      await panel.show();
      await panel.root.getByRole('button', { name: /open as table/i }).click();
      const table = new JobsTable(page);
      await table.expectShown();
      await expect(table.count('All')).toHaveText('All 100,001');
      await table.row('night-00003').getByRole('checkbox').click();
      await take('table', page);

      await panel.row('sky').root.click();
      const job = new JobPage(page);
      await expect(
        job.root.getByRole('listbox', { name: 'All tasks' })
      ).toBeVisible();
      await expect(job.charts.first()).toBeVisible();
      await take('tasks', page);
    } finally {
      await server.stop();
    }
  });
}
