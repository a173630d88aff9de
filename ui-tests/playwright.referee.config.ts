import * as path from 'node:path';

import { defineConfig } from '@playwright/test';

import journeys from './playwright.config';

/** The browser of `tests/referee`, which starts the server and says what is to be submitted. */
export default defineConfig({
  ...journeys,
  testDir: 'referee',
  outputDir: path.join(process.env.REFEREE_FOLDER ?? '', 'test-results'),
  timeout: 600_000,
  reporter: [['line']],
  use: { ...journeys.use, screenshot: 'off' }
});
