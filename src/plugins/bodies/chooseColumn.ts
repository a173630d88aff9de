import { InputDialog } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import { FileDialog } from '@jupyterlab/filebrowser';
import type { TranslationBundle } from '@jupyterlab/translation';

import { parseCsv } from '../../model/csv';
import { writeColumn } from '../../model/sweep';
import { errorText } from '../../views/text/errorText';
import { tell } from './tell';

const NAME = /\.(csv|tsv|txt|dat)$/i;

/**
 * Let the user choose a file of values, and which of its columns.
 *
 * @returns how the form names it; null if none was chosen.
 */
export async function chooseColumn(
  documents: IDocumentManager,
  trans: TranslationBundle
): Promise<string | null> {
  const { value } = await FileDialog.getOpenFiles({
    manager: documents,
    title: trans.__('A file with one value per task'),
    label: trans.__('Its first line names the columns.'),
    filter: ({ name }) => (NAME.test(name) ? {} : null)
  });
  const path = value?.[0]?.path;
  if (!path) {
    return null;
  }
  try {
    const { contents } = documents.services;
    const file = await contents.get(path, {
      type: 'file',
      format: 'text',
      content: true
    });
    const columns = parseCsv(String(file.content))?.columns ?? [];
    const column = await oneOf(columns, trans);
    return column === null ? null : writeColumn(path, column);
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    tell('warning', errorText(reason, trans));
    return null;
  }
}

async function oneOf(
  columns: readonly string[],
  trans: TranslationBundle
): Promise<string | null> {
  if (columns.length < 2) {
    return columns[0] ?? '';
  }
  const { value } = await InputDialog.getItem({
    title: trans.__('Column'),
    label: trans.__('Its values, one for each task:'),
    items: [...columns]
  });
  return value;
}
