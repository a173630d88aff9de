import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

import { readLayout } from '../../model/columns';
import { IBatchClient, IJobStore } from '../../tokens';
import { TableWidget } from '../../widgets/tableWidget';
import { addToShell } from './addToShell';
import { actOnMany } from './actOnMany';

const SETTINGS_ID = 'jupyterlab-batch:jobs';

/** What the command of the table works with. */
export interface ITableContext {
  app: JupyterFrontEnd;
  tracker: WidgetTracker<TableWidget>;
  settings: ISettingRegistry | null;
  trans: TranslationBundle;
}

/**
 * Open the table of all jobs, or show it if it is open.
 *
 * @param query - What is typed in its filter; null to leave what is there.
 */
export async function openTable(
  context: ITableContext,
  query: string | null
): Promise<TableWidget> {
  const { app, tracker, settings, trans } = context;
  const kept = await settings?.load(SETTINGS_ID);
  const client = await app.resolveRequiredService(IBatchClient);
  const jobs = await app.resolveRequiredService(IJobStore);
  const open = tracker.currentWidget;
  if (open) {
    if (query !== null) {
      open.content.filter.type(query);
    }
    app.shell.activateById(open.id);
    return open;
  }
  const widget = new TableWidget({
    client,
    jobs,
    commands: app.commands,
    act: (action, rows) => actOnMany({ app, trans }, action, rows),
    query: query ?? '',
    layout: readLayout(kept?.get('table').composite),
    keep: layout =>
      void kept?.set('table', {
        ...layout,
        columns: [...layout.columns],
        widths: { ...layout.widths }
      }),
    save,
    trans
  });
  addToShell(app.shell, widget);
  await tracker.add(widget);
  return widget;
}

/** Offer a text as a file to be kept where the browser keeps its downloads. */
function save(name: string, text: string): void {
  // The mark lets spreadsheets know that it is UTF-8.
  const url = URL.createObjectURL(
    new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' })
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
