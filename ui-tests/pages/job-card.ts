import type { Locator, Page } from '@playwright/test';

/** The card of a job under the cell that made it. */
export class JobCard {
  readonly root: Locator;

  constructor(page: Page, name: string) {
    this.root = page
      .getByRole('main')
      .getByRole('group', { name, exact: true });
  }

  /** Press one of the card's buttons. */
  async press(label: 'Open' | 'Log' | 'Output' | 'Cancel…'): Promise<void> {
    await this.root.getByRole('button', { name: label, exact: true }).click();
  }
}
