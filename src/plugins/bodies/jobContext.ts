import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

import { errorText } from '../../views/text/errorText';
import type { JobWidget } from '../../widgets/jobWidget';

/** What the commands of one job work with. */
export interface IJobContext {
  app: JupyterFrontEnd;
  tracker: WidgetTracker<JobWidget>;
  documents: IDocumentManager | null;
  settings: ISettingRegistry | null;
  trans: TranslationBundle;
}

/** Do something; tell the user if it failed. */
export async function attempt(
  trans: TranslationBundle,
  act: () => Promise<void>
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    Notification.error(errorText(reason, trans));
  }
}
