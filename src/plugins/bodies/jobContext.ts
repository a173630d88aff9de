import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { JobWidget } from '../../widgets/jobWidget';

/** What the commands of one job work with. */
export interface IJobContext {
  app: JupyterFrontEnd;
  tracker: WidgetTracker<JobWidget>;
  documents: IDocumentManager | null;
  settings: ISettingRegistry | null;
  trans: TranslationBundle;
}
