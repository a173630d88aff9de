import { defineConfig } from '@playwright/test';

import { findChromium } from './servers/programs';

export default defineConfig({
  testDir: 'journeys',
  outputDir: 'test-results',
  // Each worker has a browser, a JupyterLab and a Slurm of its own, and waits for them often.
  workers: 2,
  fullyParallel: false,
  // A machine that others use can make one journey late; the list says which was tried again.
  retries: process.env.CI ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['junit']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    actionTimeout: 20_000,
    screenshot: 'only-on-failure',
    // Of each journey it would cost a third more; `--trace on` makes one at once.
    trace: 'on-first-retry',
    // Recording asks for a program that Playwright would have to download.
    video: 'off',
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      args: ['--no-sandbox', '--disable-gpu']
    }
  }
});
