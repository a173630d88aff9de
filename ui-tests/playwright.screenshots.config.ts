import { defineConfig } from '@playwright/test';

import journeys from './playwright.config';

/** The pictures in docs/images, for `make screenshots`. */
export default defineConfig({
  ...journeys,
  testDir: 'screenshots',
  workers: 1,
  timeout: 300_000,
  reporter: [['list']],
  use: { ...journeys.use, viewport: { width: 1440, height: 860 } }
});
