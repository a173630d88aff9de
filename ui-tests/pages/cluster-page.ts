import {
  expect,
  type FrameLocator,
  type Locator,
  type Page
} from '@playwright/test';

import { literal } from './pattern';

/** The page of a Dask cluster, in the main area. */
export class ClusterPage {
  constructor(readonly page: Page) {}

  /** All of it. */
  get root(): Locator {
    return this.page
      .locator('.jp-BatchJobs-jobWidget[data-cluster-id]')
      .filter({ visible: true });
  }

  /** The rows of its workers that are in the page: of many those in sight, and some above and below. */
  get workers(): Locator {
    return this.root
      .getByRole('grid', { name: 'Workers' })
      .locator('.jp-BatchJobs-tableRow');
  }

  /** The row of one worker. */
  worker(name: string): Locator {
    return this.workers.filter({
      has: this.page.getByRole('rowheader', {
        name: new RegExp(`^${literal(name)}$`)
      })
    });
  }

  /** Open a plot that these words find, as a tab of its own. */
  async openPlot(words: string): Promise<void> {
    await this.root.getByRole('button', { name: 'Open Dask plot…' }).click();
    const finder = this.page.getByRole('dialog').getByRole('combobox');
    await finder.fill(words);
    await finder.press('Enter');
    await expect(this.page.getByRole('dialog')).toHaveCount(0);
  }

  /** The plot in front. */
  get plot(): FrameLocator {
    return this.page.frameLocator('.jp-BatchJobs-plotTab:visible iframe');
  }

  /** End a worker, and confirm it. */
  async retire(name: string): Promise<void> {
    await this.worker(name)
      .getByRole('button', { name: `Retire worker ${name}…` })
      .click();
    await this.page
      .getByRole('dialog')
      .getByRole('button', { name: 'Retire Worker' })
      .click();
    await expect(this.page.getByRole('dialog')).toHaveCount(0);
  }
}
