import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import type { JupyterServer } from '../servers/jupyter-server';

/** Every text begins with one more word. */
export const LONGER_WORDS = {
  displayStringsPrefix: true,
  stringsPrefix: 'Übermäß '
};

/** Write what JupyterLab's own settings say of languages; a page that is opened from now on follows it. */
export function translate(server: JupyterServer, settings: object): void {
  const folder = path.join(
    server.folder,
    'config/lab/user-settings/@jupyterlab/translation-extension'
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'plugin.jupyterlab-settings'),
    JSON.stringify(settings)
  );
}
