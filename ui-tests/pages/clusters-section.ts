import { expect, type Locator, type Page } from '@playwright/test';

import { literal } from './pattern';

/** The section of Dask clusters in the Batch panel. */
export class ClustersSection {
  constructor(readonly page: Page) {}

  /** What folds and unfolds it. */
  get title(): Locator {
    return this.page
      .locator('#jupyterlab-batch-jobs')
      .getByLabel('Dask clusters Section')
      .first();
  }

  /** All of it, below its title. */
  get root(): Locator {
    return this.page.locator('.jp-BatchJobs-clustersSection');
  }

  /** Unfold it, if it is folded. */
  async unfold(): Promise<void> {
    // Its title goes down under the pointer when the jobs above it come.
    await expect(async () => {
      if ((await this.title.getAttribute('aria-expanded')) !== 'true') {
        await this.title.click({ position: { x: 40, y: 8 } });
      }
      await expect(this.root).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 60_000 });
  }

  /** The row of a cluster that is here once. */
  row(name: string): Locator {
    return this.root.getByRole('row', {
      name: new RegExp(`^${literal(name)}, `)
    });
  }

  /** Wait until the row of a cluster says this. */
  async expectRow(name: string, said: RegExp): Promise<void> {
    await expect(this.row(name)).toHaveAccessibleName(said, {
      timeout: 90_000
    });
  }

  /** The id of a cluster that is here once. */
  async idOf(name: string): Promise<string> {
    return (await this.row(name).getAttribute('data-cluster-id')) ?? '';
  }

  /** Press one of the buttons of a row: `Connect notebook to`, `Scale`, `Stop`. */
  async press(name: string, action: string): Promise<void> {
    await this.row(name).hover();
    await this.row(name)
      .getByRole('button', { name: new RegExp(`^${literal(action)} `) })
      .click();
  }

  /** The dialog that is open. */
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** Open the form for a new cluster. */
  async open(): Promise<void> {
    await this.page
      .locator('#jupyterlab-batch-jobs')
      .getByRole('button', { name: 'New cluster' })
      .first()
      .click();
    await expect(this.dialog).toBeVisible();
  }

  /** Fill some fields of the dialog by their labels. */
  async fill(fields: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) {
      await this.dialog
        .getByRole('textbox', { name: label, exact: true })
        .fill(value);
    }
  }

  /** Start the cluster of the form. */
  async submit(): Promise<void> {
    await this.dialog
      .getByRole('button', { name: 'Start', exact: true })
      .click();
    await expect(this.dialog).toHaveCount(0);
  }

  /** Start a cluster by the form. */
  async start(fields: Record<string, string>): Promise<void> {
    await this.open();
    await this.fill(fields);
    await this.submit();
  }
}
