import type { Locator, Page } from '@playwright/test';

/** The page of one job in the main area; the one in front. */
export class JobPage {
  constructor(readonly page: Page) {}

  /** All of the page. */
  get root(): Locator {
    return this.page.locator('.jp-BatchJobs-job').filter({ visible: true });
  }

  /** The job's log. */
  get log(): Locator {
    return this.root.getByRole('log');
  }

  /** The button that opens what the job left. */
  get openOutput(): Locator {
    return this.root.getByRole('button', { name: 'Open output' });
  }

  /** The value of one of the facts. */
  fact(name: string): Locator {
    return this.root
      .getByRole('term')
      .getByText(name, { exact: true })
      .locator('xpath=following-sibling::dd[1]');
  }
}
