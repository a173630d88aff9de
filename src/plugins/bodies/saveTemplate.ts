import { Dialog, InputDialog, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { FormContent } from '../../model/form';
import { TEMPLATE_ENDING, writeTemplate } from '../../model/template';
import { errorText } from '../../views/text/errorText';
import type { IComposeContext } from './openCompose';
import { tell } from './tell';

/** What a template is saved with. */
type SaveContext = Pick<IComposeContext, 'app' | 'browsers' | 'trans'>;

/** Save a form as a template, under a name that the user gives. */
export async function saveTemplate(
  context: SaveContext,
  content: FormContent
): Promise<void> {
  await saveAsTemplate(context, content.name || 'job', writeTemplate(content));
}

/** Save the text of a template, under a name that the user gives. */
export async function saveAsTemplate(
  context: SaveContext,
  usualName: string,
  content: string
): Promise<void> {
  const { app, browsers, trans } = context;
  const folder = browsers?.tracker.currentWidget?.model.path ?? '';
  const name = usualName.trim().replace(/[\\/]/g, '-').slice(0, 100);
  const { value } = await InputDialog.getText({
    title: trans.__('Save as Template'),
    label: folder ? trans.__('File in %1', folder) : trans.__('File'),
    text: name + TEMPLATE_ENDING,
    selectionRange: name.length,
    okLabel: trans.__('Save')
  });
  const typed = value?.trim();
  if (!typed) {
    return;
  }
  const file = typed.endsWith(TEMPLATE_ENDING)
    ? typed
    : typed + TEMPLATE_ENDING;
  const path = PathExt.join(folder, file);
  try {
    const isThere = await exists(context, path);
    if (!isThere || (await mayReplace(context, path))) {
      await app.serviceManager.contents.save(path, {
        type: 'file',
        format: 'text',
        content
      });
      tell('success', trans.__('Saved as %1', path));
    }
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    tell('warning', errorText(reason, trans));
  }
}

async function exists({ app }: SaveContext, path: string): Promise<boolean> {
  try {
    await app.serviceManager.contents.get(path, { content: false });
    return true;
  } catch (error) {
    if (error instanceof ServerConnection.ResponseError) {
      return error.response.status !== 404;
    }
    throw error;
  }
}

async function mayReplace(
  { trans }: SaveContext,
  path: string
): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Replace the file?'),
    body: trans.__('%1 is there already. It would be replaced.', path),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Replace') })
    ]
  });
  return button.accept;
}
