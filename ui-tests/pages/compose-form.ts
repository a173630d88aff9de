import { expect, type Locator, type Page } from '@playwright/test';

import { literal } from './pattern';

/** The form in which a job is composed. */
export class ComposeForm {
  readonly root: Locator;

  /** @param index - Which of the open forms, if there are several. */
  constructor(
    readonly page: Page,
    index = 0
  ) {
    this.root = page
      .getByRole('main')
      .locator('.jp-BatchJobs-compose')
      .nth(index);
  }

  /** The control of a field by its label. */
  field(label: string): Locator {
    return this.root.getByLabel(label, { exact: true });
  }

  /** Fill some fields by their labels. */
  async fill(values: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(values)) {
      await this.field(label).fill(value);
    }
  }

  /** Choose what kind of work it is. */
  async chooseKind(kind: 'Notebook' | 'Script' | 'Command'): Promise<void> {
    await this.root.getByRole('radio', { name: kind }).check();
  }

  /** Choose where it runs, by the title of the gateway. */
  async chooseGateway(title: string): Promise<void> {
    await this.field('Gateway').selectOption({ label: title });
  }

  /** The button that sends the form; its words say what it does. */
  get submitButton(): Locator {
    return this.root.getByRole('button', { name: /^Submit/ });
  }

  /** Send the form. */
  async submit(): Promise<void> {
    await expect(this.submitButton).toBeEnabled();
    await this.submitButton.click();
  }

  /** What stands beside a field because something is wrong with it. */
  async expectIssue(label: string, words: string | RegExp): Promise<void> {
    await expect(this.field(label)).toHaveAccessibleDescription(
      typeof words === 'string' ? new RegExp(literal(words)) : words
    );
  }

  /** What will be sent, to the letter. */
  get preview(): Locator {
    return this.root.getByRole('region', { name: /what will be sent/i });
  }
}
