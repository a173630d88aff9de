import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRunningSessionManagers } from '@jupyterlab/running';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

/** So long after JupyterLab can be used. */
const START_AFTER_MS = 5_000;

/** What is seen of jobs without looking at them: counts in the status bar, notices, running jobs. */
export const watch: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:watch',
  description:
    'Tells in status bar, notices and running sessions how batch jobs are.',
  autoStart: true,
  optional: [
    ITranslator,
    IStatusBar,
    IRunningSessionManagers,
    ISettingRegistry
  ],
  activate: (
    app,
    translator: ITranslator | null,
    statusBar: IStatusBar | null,
    running: IRunningSessionManagers | null,
    settings: ISettingRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_batch');
    const start = async (): Promise<void> => {
      const { startWatch } = await import('./bodies/startWatch');
      await startWatch({ app, statusBar, running, settings, trans });
    };
    // Nothing of this is to compete with what the user waits for.
    void app.restored.then(() =>
      setTimeout(() => void start(), START_AFTER_MS)
    );
  }
};
