import { defineConfig } from '@playwright/test';

import { findChromium } from './servers/programs';

export default defineConfig({
  testDir: 'journeys',
  outputDir: 'test-results',
  globalTeardown: './servers/stop-slurm.ts',
  // One browser and one JupyterLab at a time: the machine may have two cores.
  workers: 1,
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
