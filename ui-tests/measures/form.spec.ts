import { expect, type Page } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { notePainted } from './painted';
import { msUntil } from './press';
import { keep, quantilesOf } from './results';
import { test } from './servers';

const SAMPLES = 20;
const WRONG =
  'input[data-field="spec.resources.memory_bytes"][aria-invalid="true"]';

test('what is wrong is said while it is typed', async ({ page, start }) => {
  await new Lab(page, await start()).open();
  const panel = new JobsPanel(page);
  await panel.show();
  await panel.newJob();
  const form = new ComposeForm(page);
  await form.chooseKind('Command');
  const memory = form.field('Memory');
  await memory.fill('8GBx');
  await memory.blur(); // nothing is said of a field before it was left once
  await expect(page.locator(WRONG)).toBeVisible();
  const times: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    await memory.fill('8GB');
    await expect(page.locator(WRONG)).toHaveCount(0);
    const painted = await notePainted(page, { selector: WRONG });
    times.push(await msUntil(painted, () => typedAt(page, 'x')));
  }
  keep('form-problem', quantilesOf(times));
});

/** Type a character; return the moment of the key in ms since the epoch. */
async function typedAt(page: Page, key: string): Promise<number> {
  const noted = await page.evaluateHandle(() => ({
    moment: new Promise<number>(resolve =>
      document.addEventListener(
        'keydown',
        event => resolve(performance.timeOrigin + event.timeStamp),
        { once: true, capture: true }
      )
    )
  }));
  await page.keyboard.press(key);
  return noted.evaluate(({ moment }) => moment);
}
