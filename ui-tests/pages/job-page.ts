import { expect, type Locator, type Page } from '@playwright/test';

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

  /** What was found in it. */
  get mark(): Locator {
    return this.log.locator('mark');
  }

  /** What is said of the search in it. */
  get finding(): Locator {
    return this.root.getByRole('search').getByRole('status');
  }

  /** Find a text in all of the log. */
  async find(text: string): Promise<void> {
    const box = this.root.getByRole('searchbox', {
      name: 'Find in the whole log'
    });
    await box.fill(text);
    await box.press('Enter');
  }

  /** The charts of what tasks used. */
  get charts(): Locator {
    return this.root.locator('.jp-BatchJobs-plot canvas');
  }

  /** The table of all tasks of an array. */
  get tasks(): Locator {
    return this.root.getByRole('grid', { name: 'Tasks' });
  }

  /** Show the tasks of an array as a table. */
  async showTaskTable(): Promise<void> {
    await this.root
      .getByRole('radiogroup', { name: 'All tasks as' })
      .getByText('Table')
      .click();
    await expect(this.tasks).toHaveAttribute('aria-busy', 'false');
  }

  /** The line of a task in the table. */
  task(index: number): Locator {
    return this.tasks.getByRole('row', {
      name: new RegExp(`^Select task ${index} `)
    });
  }

  /** The button that does something to the selected tasks, with how many it fits. */
  taskAction(name: string): Locator {
    return this.root
      .getByRole('group', { name: 'Selected tasks' })
      .getByRole('button', { name, exact: true });
  }

  /** The tab of a part of the page. */
  part(name: string): Locator {
    return this.root.getByRole('tab', { name });
  }

  /** The line of an entry of the run directory. */
  file(name: string): Locator {
    return this.root
      .getByRole('table', { name: 'Files' })
      .getByRole('row', { name });
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
