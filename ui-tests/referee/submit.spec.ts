import * as path from 'node:path';

import {
  expect,
  type Locator,
  type Page,
  type Request,
  test
} from '@playwright/test';

import { ClustersSection } from '../pages/clusters-section';
import { ComposeForm } from '../pages/compose-form';
import { JobRow, JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Correspondence, type IFormOrder, type IOrders } from './orders';

const folder = process.env.REFEREE_FOLDER ?? '';
const PRESS_AGAIN_MS = 2_000;
const FIND_MS = 5_000;
// A server that was killed takes a minute to come back where others work too.
const GIVE_UP_MS = 120_000;

test.skip(folder === '', 'It is the referee that starts this.');

test('the form is sent and the rows are told', async ({ page }) => {
  const referee = new Correspondence(folder);
  const { orders } = referee;
  listen(page, referee);
  const lab = new Lab(page, {
    url: name => `${orders.url}${name}`,
    token: orders.token
  });
  // JupyterLab says in front of everything that it has lost its server.
  await page.addLocatorHandler(lab.dialog(), () => dismiss(lab.dialog()));
  const panel = new JobsPanel(page);
  await open(lab, orders);
  await show(panel);
  referee.tell({ event: 'ready' });
  for (const order of orders.forms) {
    if (orders.isFirst) {
      await fill(page, order);
    } else if (!(await find(lab, order))) {
      referee.tell({ event: 'gone', name: order.name });
      continue;
    } else {
      await finish(page, order);
    }
    if (await press(page, order)) {
      referee.tell({ event: 'submitted', name: order.name });
    } else if (order.insists) {
      await page.screenshot({ path: path.join(folder, `${order.name}.png`) });
    }
  }
  referee.tell({ event: 'pressed' });
  await expect
    .poll(() => referee.isQuiet, { timeout: GIVE_UP_MS * 2 })
    .toBe(true);
  await show(panel);
  const clusters = new ClustersSection(page);
  if (orders.shows === 'clusters') {
    await clusters.unfold();
  }
  for (const [name, word] of Object.entries(referee.jobs)) {
    const row =
      orders.shows === 'clusters'
        ? new JobRow(clusters.row(name))
        : panel.row(name);
    if (word !== null) {
      // A page that lost its server looks again every few seconds.
      await row.expectState(word, GIVE_UP_MS / 2).catch(tellOfNone);
    }
    const label = (await row.root.count())
      ? await row.root.getAttribute('aria-label')
      : null;
    referee.tell({ event: 'row', name, label });
  }
  referee.tell({ event: 'done' });
});

/** That something is not there, or otherwise, is what the referee wants to know. */
function tellOfNone(): void {}

/** Show the panel, also while JupyterLab is still putting it where it was. */
async function show(panel: JobsPanel): Promise<void> {
  await expect(async () => {
    if (!(await panel.root.isVisible())) {
      await panel.tab.click();
    }
    await expect(panel.root).toBeVisible({ timeout: PRESS_AGAIN_MS });
  }).toPass({ timeout: GIVE_UP_MS });
}

async function open(lab: Lab, orders: IOrders): Promise<void> {
  if (orders.isFirst) {
    await lab.open('');
    return;
  }
  await lab.page.goto(`${orders.url}lab?token=${orders.token}`);
  await lab.expectReady();
}

async function fill(page: Page, order: IFormOrder): Promise<void> {
  await new JobsPanel(page).newJob();
  await complete(new ComposeForm(page), order);
}

/** Fill what is missing where the earlier tab was taken away before all was typed. */
async function finish(page: Page, order: IFormOrder): Promise<void> {
  const form = new ComposeForm(page);
  const command = form.field('Command');
  const isWhole =
    (await command.isVisible()) &&
    (await command.inputValue()) === order.command;
  if (!isWhole) {
    await complete(form, order);
  }
}

async function complete(form: ComposeForm, order: IFormOrder): Promise<void> {
  await form.chooseKind('Command');
  if (order.gateway !== null) {
    await form.chooseGateway(order.gateway);
  }
  // The command at last: where that is kept, all is.
  await form.fill({
    Name: order.name,
    Cores: '1',
    Memory: '64MB',
    'Time limit': '5 min',
    Command: order.command
  });
}

/** Go to the form that an earlier tab left; tell whether it is there. */
async function find(lab: Lab, order: IFormOrder): Promise<boolean> {
  const tab = lab.tab(`New job: ${order.name}`);
  const isThere = await tab
    .waitFor({ timeout: FIND_MS })
    .then(() => true)
    .catch(() => false);
  if (isThere) {
    await tab.click();
  }
  return isThere;
}

/** Close what JupyterLab has put in front, if it has. */
async function dismiss(dialog: Locator): Promise<void> {
  const close = dialog.getByRole('button', { name: 'Close' });
  if (await close.isVisible()) {
    // Whatever else waits for the page may have closed it just before.
    await close.click({ timeout: PRESS_AGAIN_MS }).catch(tellOfNone);
  }
}

/** Press the button, and again while nobody knows what came of it; tell whether there is a job. */
async function press(page: Page, order: IFormOrder): Promise<boolean> {
  const form = new ComposeForm(page);
  const isSubmitted = form.root.getByText('Submitted.', { exact: true });
  const end = Date.now() + GIVE_UP_MS;
  do {
    if (await isSubmitted.isVisible()) {
      break;
    }
    await dismiss(page.getByRole('dialog'));
    await form.submitButton
      .click({ force: true, timeout: PRESS_AGAIN_MS })
      .catch(tellOfNone);
    await isSubmitted.waitFor({ timeout: PRESS_AGAIN_MS }).catch(tellOfNone);
  } while (order.insists && Date.now() < end);
  return isSubmitted.isVisible();
}

/** Tell what goes out and what comes back, as the page itself gets it. */
function listen(page: Page, referee: Correspondence): void {
  page.on('request', request => {
    const name = submittedName(request);
    if (name !== null) {
      referee.tell({ event: 'sent', name });
    }
  });
  page.on('requestfailed', request => {
    const name = submittedName(request);
    if (name !== null) {
      const why = request.failure()?.errorText ?? 'it failed';
      referee.tell({ event: 'unanswered', name, why });
    }
  });
  page.on('response', async response => {
    const name = submittedName(response.request());
    if (name !== null) {
      const body: unknown = await response.json().catch(() => null);
      referee.tell({
        event: 'answered',
        name,
        status: response.status(),
        body
      });
    }
  });
}

/** The name of the job that a request submits, or null if it is none that does. */
function submittedName(request: Request): string | null {
  const { pathname } = new URL(request.url());
  if (request.method() !== 'POST' || !pathname.endsWith('/v1/jobs')) {
    return null;
  }
  return request.postDataJSON().spec.name;
}
