import { Dialog, showDialog } from '@jupyterlab/apputils';

import type { IComposeContext } from './openCompose';

/** Ask whether a changed document is to be saved; false if the user wants nothing at all. */
export async function offerToSave(
  context: Pick<IComposeContext, 'documents' | 'trans'>,
  path: string,
  texts: Readonly<{ title: string; body: string }>
): Promise<boolean> {
  const { documents, trans } = context;
  const widget = documents?.findWidget(path, null);
  const file = widget && documents?.contextForWidget(widget);
  if (!file?.model.dirty) {
    return true;
  }
  const { button } = await showDialog({
    ...texts,
    buttons: [
      Dialog.cancelButton(),
      Dialog.createButton({
        label: trans.__('Go On Without Saving'),
        actions: ['go-on']
      }),
      Dialog.okButton({ label: trans.__('Save') })
    ],
    defaultButton: 2
  });
  if (button.accept && !button.actions.includes('go-on')) {
    await file.save();
  }
  return button.accept;
}
