import { expect, type Locator, type Page } from '@playwright/test';

/** The table of all jobs, in the main area. */
export class JobsTable {
  constructor(readonly page: Page) {}

  /** All of it. */
  get root(): Locator {
    return this.page.locator('#jupyterlab-batch-table');
  }

  /** Its jobs, and headings above them. */
  get grid(): Locator {
    return this.root.getByRole('grid', { name: 'Batch jobs' });
  }

  /** What is typed into it chooses jobs. */
  get filter(): Locator {
    return this.root.getByRole('searchbox', { name: 'Filter jobs' });
  }

  /** Wait until jobs are shown. */
  async expectShown(): Promise<void> {
    await expect(this.grid.locator('[data-job-id]').first()).toBeVisible();
    await expect(this.grid).toHaveAttribute('aria-busy', 'false');
  }

  /** The row of the first job of a name. */
  row(name: string): Locator {
    return this.grid.getByRole('row').filter({ hasText: name }).first();
  }

  /** The button that counts a phase. */
  count(phase: string): Locator {
    return this.root
      .getByRole('group', { name: 'Phases shown' })
      .getByRole('button', { name: new RegExp(`^${phase} `) });
  }

  /** The bar for the selected jobs. */
  get selected(): Locator {
    return this.root.getByRole('group', { name: 'Selected jobs' });
  }

  /** The name of the job where the focus of the grid stands. */
  async current(): Promise<string> {
    return this.grid.evaluate(
      grid =>
        document
          .getElementById(grid.getAttribute('aria-activedescendant') ?? '')
          ?.querySelector('.jp-BatchJobs-tableName')?.textContent ?? ''
    );
  }
}
