import { expect, type Locator, type Page } from '@playwright/test';

import { literal } from './pattern';

/** The Batch panel at the left. */
export class JobsPanel {
  constructor(readonly page: Page) {}

  /** The panel's own tab in the sidebar. */
  get tab(): Locator {
    return this.page
      .getByRole('tablist', { name: 'main sidebar' })
      .getByRole('tab', { name: /^Batch/ });
  }

  /** All of the panel. */
  get root(): Locator {
    return this.page.locator('#jupyterlab-batch-jobs');
  }

  /** The list of jobs. */
  get grid(): Locator {
    return this.root.getByRole('grid', { name: 'Batch jobs' });
  }

  /** Show the panel, if it is not. */
  async show(): Promise<void> {
    if (!(await this.root.isVisible())) {
      await this.tab.click();
    }
    await expect(this.root).toBeVisible();
  }

  /** Draw its edge until it is so wide. */
  async resize(width: number): Promise<void> {
    const box = await this.root.boundingBox();
    if (!box) {
      throw new Error('The panel is not there.');
    }
    await this.page.mouse.move(box.x + box.width + 2, 400);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + width, 400, { steps: 4 });
    await this.page.mouse.up();
    await expect
      .poll(async () =>
        Math.abs(((await this.root.boundingBox())?.width ?? 0) - width)
      )
      .toBeLessThanOrEqual(2);
  }

  /** Unfold all of its sections. */
  async unfoldAll(): Promise<void> {
    const folded = this.root.locator(
      '.lm-AccordionPanel-title[aria-expanded="false"]'
    );
    while ((await folded.count()) > 0) {
      await folded.first().click({ position: { x: 40, y: 8 } });
    }
  }

  /** The rows of all jobs of a name. */
  rows(name: string | RegExp): Locator {
    const start =
      typeof name === 'string' ? new RegExp(`^${literal(name)}, `) : name;
    return this.grid.getByRole('row', { name: start });
  }

  /** The row of a job that is here once. */
  row(name: string): JobRow {
    return new JobRow(this.rows(name));
  }

  /** The row of a job, whatever its name. */
  rowOf(jobId: string): JobRow {
    return new JobRow(this.grid.locator(`[data-job-id="${jobId}"]`));
  }

  /** The heading of a group with its count: `Running · 2`. */
  heading(group: string): Locator {
    return this.grid.getByRole('rowheader', {
      name: new RegExp(`^${literal(group)} · `)
    });
  }

  /** Show only jobs that fit what is typed. */
  async filter(text: string): Promise<void> {
    await this.root.getByRole('searchbox', { name: 'Filter jobs' }).fill(text);
  }

  /** Press the button that opens an empty form. */
  async newJob(): Promise<void> {
    await this.root.getByRole('button', { name: 'New job' }).first().click();
  }
}

/** One job in the panel. */
export class JobRow {
  constructor(readonly root: Locator) {}

  /** Wait until the row says this phase, such as `Completed`. */
  async expectState(state: string | RegExp, timeout = 60_000): Promise<void> {
    const word = typeof state === 'string' ? literal(state) : state.source;
    await expect(this.root).toHaveAttribute(
      'aria-label',
      new RegExp(`, (${word})(,|$)`),
      { timeout }
    );
  }

  /** The job's id. */
  async id(): Promise<string> {
    const id = await this.root.getAttribute('data-job-id');
    if (id === null) {
      throw new Error('The row names no job.');
    }
    return id;
  }

  /** Choose something from the row's menu. */
  async choose(label: string): Promise<void> {
    await this.root.click({ button: 'right' });
    const menu = this.root.page().getByRole('menu');
    await menu.getByRole('menuitem', { name: label }).click();
  }

  /** Press one of the row's buttons: `Open log`, `Open output`, `Cancel`, ... */
  async press(action: string): Promise<void> {
    await this.root.hover();
    await this.root
      .getByRole('button', { name: new RegExp(`^${literal(action)}`) })
      .click();
  }
}
