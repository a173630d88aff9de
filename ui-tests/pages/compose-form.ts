import { expect, type Locator, type Page } from '@playwright/test';

import { literal } from './pattern';

/** The form in which a job is composed; the one in front. */
export class ComposeForm {
  constructor(readonly page: Page) {}

  /** All of the form. */
  get root(): Locator {
    return this.page
      .getByRole('form', { name: 'New batch job' })
      .filter({ visible: true });
  }

  /** The control of a field by its label. */
  field(label: string): Locator {
    const name = { name: label, exact: true };
    return this.root
      .getByRole('textbox', name)
      .or(this.root.getByRole('combobox', name));
  }

  /** Fill some fields by their labels. */
  async fill(values: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(values)) {
      await this.field(label).fill(value);
    }
  }

  /** Give a script or a command one more parameter that varies. */
  async addParameter(name: string, values: string): Promise<void> {
    await this.root.getByRole('button', { name: /^Add parameter/ }).click();
    await this.field('Name of the parameter').last().fill(name);
    await this.fill({ [`Value of ${name}`]: values });
  }

  /** Give the job one more variable of its environment. */
  async addVariable(name: string, value: string): Promise<void> {
    await this.root.getByRole('button', { name: 'Add variable' }).click();
    await this.field('Name of the variable').last().fill(name);
    await this.fill({ [`Value of ${name}`]: value });
  }

  /** Paste a text into a field. */
  async paste(label: string, text: string): Promise<void> {
    await this.field(label).evaluate((input, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      input.dispatchEvent(
        new ClipboardEvent('paste', {
          clipboardData,
          bubbles: true,
          cancelable: true
        })
      );
    }, text);
  }

  /** Open a folded part of the form. */
  async unfold(title: string): Promise<void> {
    await this.root
      .locator('summary')
      .filter({ hasText: new RegExp(`^${literal(title)} `) })
      .click();
  }

  /** Choose what kind of work it is. */
  async chooseKind(kind: 'Notebook' | 'Script' | 'Command'): Promise<void> {
    await this.root
      .getByRole('radiogroup', { name: 'What to run' })
      .getByRole('radio', { name: kind })
      .check();
  }

  /** Choose where it runs, by the id of the gateway. */
  async chooseGateway(id: string): Promise<void> {
    await this.field('Gateway').selectOption({ value: id });
  }

  /** Choose how the job is shown before it is sent. */
  async showAs(kind: 'Script' | 'JSON' | 'Python' | 'Magic'): Promise<void> {
    await this.root
      .getByRole('radiogroup', { name: 'Show as' })
      .getByRole('radio', { name: kind })
      .check();
  }

  /** What will be sent, to the letter. */
  get preview(): Locator {
    return this.root.getByLabel('Preview');
  }

  /** The button that sends the form; its words say what it does. */
  get submitButton(): Locator {
    return this.root.getByRole('button', {
      name: /^Submit(ting…|( [\d,]+ tasks?)?( anyway)?)$/
    });
  }

  /** Press the button whether or not something stands in the way of a job. */
  async pressSubmit(): Promise<void> {
    // By a key: what the server says meanwhile moves the button away from under a pointer.
    await this.submitButton.press('Enter');
  }

  /** Send the form once the server has nothing against it. */
  async submit(label = 'Submit'): Promise<void> {
    const button = this.root.getByRole('button', { name: label, exact: true });
    await expect(button).not.toHaveAttribute('aria-disabled', 'true');
    await expect(this.preview).toHaveAttribute('aria-busy', 'false');
    await button.click();
  }

  /** What stands beside a field because something is wrong with it. */
  async expectIssue(label: string, words: string | RegExp): Promise<void> {
    await expect(this.field(label)).toHaveAccessibleDescription(
      typeof words === 'string' ? new RegExp(literal(words)) : words
    );
  }
}
