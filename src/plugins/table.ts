import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { batchIcon } from '../views/batchIcon';
import { CommandIDs } from '../widgets/jobCommands';
import { later } from './jobOfMenu';
import type { TableWidget } from '../widgets/tableWidget';

/** The table of all jobs. */
export const table: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:table',
  description: 'Shows all batch jobs in one table.',
  autoStart: true,
  optional: [ITranslator, ILayoutRestorer, ISettingRegistry],
  activate: (
    app,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    settings: ISettingRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_batch');
    const tracker = new WidgetTracker<TableWidget>({
      namespace: 'jupyterlab-batch-table'
    });
    app.commands.addCommand(CommandIDs.openTable, {
      label: trans.__('Open Batch Jobs as Table'),
      caption: trans.__('Open all batch jobs as one table'),
      icon: batchIcon,
      describedBy: later('TABLE_ARGS'),
      execute: async args => {
        const { openTable } = await import('./bodies/openTable');
        const query = typeof args.query === 'string' ? args.query : null;
        await openTable({ app, tracker, settings, trans }, query);
      }
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.openTable,
      args: ({ content }) => ({ query: content.filter.query }),
      name: ({ id }) => id
    });
  }
};
