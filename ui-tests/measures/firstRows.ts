import { expect, type Page } from '@playwright/test';

import { JobsPanel } from '../pages/jobs-panel';
import { notePainted } from './painted';
import { msUntil, pressedAt } from './press';

/** From the press on the panel's button to the first job on screen, in ms. */
export async function firstRows(page: Page): Promise<number> {
  const panel = new JobsPanel(page);
  await panel.show();
  const button = panel.root.getByRole('button', { name: /open as table/i });
  await expect(button).toBeVisible();
  const painted = await notePainted(page, {
    selector: '#jupyterlab-batch-table [data-job-id]'
  });
  return msUntil(painted, () => button.evaluate(pressedAt));
}
