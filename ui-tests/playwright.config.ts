import { defineConfig } from '@playwright/test';

import { findChromium } from './servers/programs';

export default defineConfig({
  testDir: 'journeys',
  outputDir: 'test-results',
  // Each worker has a browser, a JupyterLab and a Slurm of its own, and waits for them often.
  workers: 2,
  fullyParallel: false,
  timeout: 240_000,
  // Nothing is waited for that should not come: a machine that others use is late, not wrong.
  expect: { timeout: 45_000 },
  reporter: [['list'], ['junit']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    actionTimeout: 45_000,
    screenshot: 'only-on-failure',
    // It copies the whole page at each key, a third more of each journey; `--trace on` makes one.
    trace: 'off',
    // Recording asks for a program that Playwright would have to download.
    video: 'off',
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      args: ['--no-sandbox', '--disable-gpu']
    }
  }
});
