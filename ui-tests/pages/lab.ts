import { expect, type Locator, type Page } from '@playwright/test';

import { literal } from './pattern';

import type { JupyterServer } from '../servers/jupyter-server';

const READY_MS = 60_000;

/** JupyterLab itself, as a user finds it. */
export class Lab {
  constructor(
    readonly page: Page,
    readonly server: Pick<JupyterServer, 'url' | 'token'>
  ) {}

  /** Open a tidy JupyterLab with the file browser in a folder, signed in by the token. */
  async open(folder = 'examples'): Promise<void> {
    const tree = folder && `/tree/${folder}`;
    await this.page.goto(
      this.server.url(`lab${tree}?token=${this.server.token}&reset`)
    );
    await this.expectReady();
    if (folder) {
      // The file browser goes there a moment later, and not at all once it is out of sight.
      await expect(
        this.page.locator(`.jp-BreadCrumbs-item[data-path="${folder}"]`)
      ).toBeAttached();
    }
  }

  /** Reload the page. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.expectReady();
  }

  /** Wait until the user can work. */
  async expectReady(): Promise<void> {
    // The splash is not there either until the scripts have come.
    await expect(this.page.locator('#jp-main-dock-panel')).toBeVisible({
      timeout: READY_MS
    });
    await expect(this.page.locator('#jupyterlab-splash')).toHaveCount(0, {
      timeout: READY_MS
    });
  }

  /** Show the file browser. */
  async openFileBrowser(): Promise<void> {
    const tab = this.page.getByRole('tab', { name: /^File Browser/ });
    if ((await tab.getAttribute('aria-selected')) !== 'true') {
      await tab.click();
    }
  }

  /** A file in the file browser. */
  file(name: string): Locator {
    return this.page
      .getByRole('region', { name: 'File Browser Section' })
      .getByRole('listitem', { name: new RegExp(`^Name: ${literal(name)}`) });
  }

  /** Choose from the context menu of a file. */
  async chooseFromMenuOf(file: string, label: string | RegExp): Promise<void> {
    await this.chooseFromMenu(this.file(file), label);
  }

  /** Choose from the context menu of whatever is shown. */
  async chooseFromMenu(what: Locator, label: string | RegExp): Promise<void> {
    await what.click({ button: 'right' });
    await this.page
      .getByRole('menu')
      .getByRole('menuitem', { name: label })
      .click();
  }

  /** Run a command by its label, from the palette. */
  async runCommand(label: string): Promise<void> {
    const palette = this.page.getByRole('region', {
      name: 'Command Palette Section'
    });
    // The palette closes when anything else takes the focus, as what has just opened may do.
    await expect(async () => {
      await this.page.keyboard.press('Control+Shift+C');
      await palette.getByRole('textbox').fill(label, { timeout: 5_000 });
      await palette
        .getByRole('menuitem', { name: new RegExp(literal(label)) })
        .first()
        .click({ timeout: 5_000 });
    }).toPass({ timeout: 60_000 });
  }

  /** The tab of a document or form in the main area. */
  tab(name: string | RegExp): Locator {
    return this.page.getByRole('main').getByRole('tab', { name });
  }

  /** A dialog that is open. */
  dialog(): Locator {
    return this.page.getByRole('dialog');
  }
}
