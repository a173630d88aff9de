import { expect, type Page } from '@playwright/test';

import { expectAccessible } from './accessible';
import { execute } from './application';

const THEMES = [
  'JupyterLab Dark',
  'JupyterLab Dark High Contrast',
  'JupyterLab Light'
];

/** Expect that axe finds no barrier in a part of the page, in light, dark and high contrast. */
export async function expectAccessibleInAllThemes(
  page: Page,
  selector: string
): Promise<void> {
  for (const theme of THEMES) {
    await execute(page, 'apputils:change-theme', { theme });
    await expect(page.locator('body')).toHaveAttribute(
      'data-jp-theme-name',
      theme
    );
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
    await expectAccessible(page, selector);
  }
}
