import { Dialog, showDialog } from '@jupyterlab/apputils';
import { FileDialog } from '@jupyterlab/filebrowser';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { FormContent } from '../../model/form';
import { fromScript, gatewayForScript } from '../../model/script';
import { IBatchClient } from '../../tokens';
import type { OpenedScript } from '../../views/compose/ScriptCard';
import { errorText } from '../../views/text/errorText';
import type { ComposeModel } from '../../widgets/composeModel';
import { offerToSave } from './offerToSave';
import { openContent, readDefaults } from './openCompose';
import type { IComposeContext } from './openCompose';
import { tell } from './tell';

/**
 * Fill in a form by what a script says of its job; the script stays as it is.
 *
 * @param form - The form from which it was asked; by default a new one.
 */
export async function openScript(
  context: IComposeContext,
  path: string,
  form: ComposeModel | null = null
): Promise<void> {
  const { trans } = context;
  if (!(await offerToSave(context, path, saveTexts(path, trans)))) {
    return;
  }
  const wanted = form?.snapshot.content.gateway_id ?? '';
  try {
    const read = await readScript(context, path, wanted);
    if (!read) {
      tell('warning', trans.__('No batch system is configured.'));
      return;
    }
    const place = form ? await placeFor(form, trans) : 'new';
    if (form && !form.isDisposed && place === 'here') {
      form.takeScript(read.content, read.script);
    } else if (place !== null) {
      await openContent(context, read.content);
    }
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    tell('warning', errorText(reason, trans));
  }
}

/** Let the user choose a script, and open it. */
export async function chooseScript(
  context: IComposeContext,
  form: ComposeModel | null = null
): Promise<void> {
  const { browsers, documents, trans } = context;
  if (!documents) {
    return;
  }
  const { value } = await FileDialog.getOpenFiles({
    manager: documents,
    title: trans.__('Open Batch Script'),
    defaultPath: browsers?.tracker.currentWidget?.model.path
  });
  const path = value?.[0]?.path;
  if (path) {
    await openScript(context, path, form);
  }
}

async function readScript(
  context: IComposeContext,
  path: string,
  wanted: string
): Promise<{ content: FormContent; script: OpenedScript } | null> {
  const client = await context.app.resolveRequiredService(IBatchClient);
  const defaults = await readDefaults(context.settings);
  const gateway = gatewayForScript(
    await client.listGateways(),
    wanted,
    defaults.gateway
  );
  if (!gateway) {
    return null;
  }
  const imported = await client.importScript(gateway.id, path);
  return {
    content: fromScript(imported, gateway.id, path, defaults),
    script: { path, gatewayId: gateway.id, imported }
  };
}

/** Where the script is to be opened: what was typed into a form is never lost without asking. */
async function placeFor(
  form: ComposeModel,
  trans: TranslationBundle
): Promise<'here' | 'new' | null> {
  if (form.snapshot.jobId !== null) {
    return 'new';
  }
  if (!form.isTouched) {
    return 'here';
  }
  const { button } = await showDialog({
    title: trans.__('Replace what is in this form?'),
    body: trans.__(
      'The script says anew what stands in the fields. What you have filled in would be gone.'
    ),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Replace') }),
      Dialog.okButton({
        label: trans.__('Open in New Form'),
        actions: ['new']
      })
    ]
  });
  if (!button.accept) {
    return null;
  }
  return button.actions.includes('new') ? 'new' : 'here';
}

function saveTexts(
  path: string,
  trans: TranslationBundle
): { title: string; body: string } {
  return {
    title: trans.__('Save the script first?'),
    body: trans.__(
      'The script is read as it is in its file. %1 has changes that are not saved.',
      path
    )
  };
}
