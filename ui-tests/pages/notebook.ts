import { expect, type Locator, type Page } from '@playwright/test';

/** The notebook in front. */
export class Notebook {
  constructor(readonly page: Page) {}

  /** All of the notebook. */
  get root(): Locator {
    return this.page.locator('.jp-NotebookPanel').filter({ visible: true });
  }

  /** A cell, counted from 0. */
  cell(index: number): Locator {
    return this.root.locator('.jp-Cell').nth(index);
  }

  /** Make a new one from the launcher in front, and wait for its kernel. */
  async create(): Promise<void> {
    await this.page
      .getByRole('main')
      .getByRole('button', { name: /^Python 3/ })
      .first()
      .click();
    await this.expectReady();
  }

  /** Wait until the kernel is ready. */
  async expectReady(): Promise<void> {
    await expect(
      this.root
        .getByRole('button', { name: /Kernel status: Idle|Python 3/ })
        .first()
    ).toBeVisible();
    await expect(
      this.root.locator('.jp-Notebook-ExecutionIndicator')
    ).toHaveAttribute('data-status', 'idle', { timeout: 60_000 });
  }

  /** Type into the last cell. */
  async type(code: string): Promise<void> {
    const cell = this.root.locator('.jp-CodeCell').last();
    await cell.locator('.cm-content').click();
    await this.page.keyboard.insertText(code);
  }

  /** Type into the last cell and run it; a new cell follows. */
  async run(code: string): Promise<void> {
    await this.type(code);
    await this.page.keyboard.press('Shift+Enter');
  }

  /** Press our button in the toolbar. */
  async runAsBatchJob(): Promise<void> {
    await this.root
      .getByRole('button', { name: 'Run this notebook as a batch job' })
      .click();
  }
}
