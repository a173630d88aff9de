import { setTimeout as pass } from 'node:timers/promises';

import { expect, type Locator, type Page } from '@playwright/test';

import type { JupyterServer } from '../servers/jupyter-server';
import { JOB_LIMIT_MS } from './jobs';
import type { ISought } from './painted';

/** The list of jobs of jupyter-scheduler. */
export class SchedulerList {
  constructor(
    readonly page: Page,
    readonly server: JupyterServer
  ) {}

  /** Open it from the launcher. */
  async open(): Promise<void> {
    await this.page.locator('.jp-LauncherCard[title="Jobs"]').click();
    await expect(this.reloadButton).toBeVisible();
  }

  /** Submit a notebook, as its form does. */
  async submit(name: string, file: string): Promise<void> {
    const environments = await this.call('runtime_environments');
    await this.call('jobs', {
      name,
      input_uri: file,
      runtime_environment_name: environments[0].name,
      output_formats: ['ipynb']
    });
  }

  /** Press Reload again and again until something has come. */
  async reloadEvery<T>(periodMs: number, awaited: Promise<T>): Promise<T> {
    let hasCome = false;
    const result = awaited.finally(() => {
      hasCome = true;
    });
    while (!hasCome) {
      await this.reloadButton.click();
      await Promise.race([result, pass(periodMs)]);
    }
    return result;
  }

  /** Press Reload until a job is in the list. */
  async reloadUntilShown(name: string): Promise<void> {
    await expect(async () => {
      await this.reloadButton.click();
      await expect(this.page.locator('tr', { hasText: name })).toBeVisible({
        timeout: 1_000
      });
    }).toPass();
  }

  /** Wait until the server itself says that a job is completed. */
  async expectCompleted(name: string): Promise<void> {
    await expect
      .poll(async () => (await this.call(`jobs?name=${name}`)).jobs[0].status, {
        timeout: JOB_LIMIT_MS
      })
      .toBe('COMPLETED');
  }

  /** The row of a job, saying that it is completed. */
  completedRow(name: string): ISought {
    return { selector: 'tr', words: [name, 'Completed'] };
  }

  private get reloadButton(): Locator {
    return this.page
      .locator('.jp-notebook-jobs-panel')
      .getByRole('button', { name: 'Reload' });
  }

  private async call(endpoint: string, body?: object) {
    const answer = await fetch(this.server.url(`scheduler/${endpoint}`), {
      method: body ? 'POST' : 'GET',
      headers: { Authorization: `token ${this.server.token}` },
      body: body ? JSON.stringify(body) : null
    });
    expect(answer.ok, `${endpoint}: ${answer.status}`).toBe(true);
    return answer.json();
  }
}
