import { defineConfig } from '@playwright/test';

import journeys from './playwright.config';

/** What only a browser can measure, for `make bench`. */
export default defineConfig({
  ...journeys,
  testDir: 'measures',
  workers: 1,
  timeout: 900_000,
  reporter: [['list']]
});
