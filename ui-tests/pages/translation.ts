import type { JupyterServer } from '../servers/jupyter-server';

/** Every text begins with one more word. */
export const LONGER_WORDS = {
  displayStringsPrefix: true,
  stringsPrefix: 'Übermäß '
};

/** Keep what JupyterLab's own settings say of languages. */
export function translate(server: JupyterServer, settings: object): void {
  server.keepSettings('@jupyterlab/translation-extension:plugin', settings);
}
