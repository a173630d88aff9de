import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

import { fromSubmission } from '../../model/draft';
import { newForm } from '../../model/form';
import type { FormContent } from '../../model/form';
import { DraftStore } from '../../stores/draft';
import { IBatchClient, IJobStore } from '../../tokens';
import { nameOfPath } from '../../views/compose/formHandle';
import { errorText } from '../../views/text/errorText';
import { ComposeModel } from '../../widgets/composeModel';
import { ComposeWidget } from '../../widgets/composeWidget';
import { DocumentWatch } from '../../widgets/documents';
import { addToShell } from './addToShell';
import { chooseColumn } from './chooseColumn';
import { offerToSave } from './offerToSave';
import { saveTemplate } from './saveTemplate';
import { tell } from './tell';

/** What the commands of the form work with. */
export interface IComposeContext {
  app: JupyterFrontEnd;
  tracker: WidgetTracker<ComposeWidget>;
  documents: IDocumentManager | null;
  browsers: IFileBrowserFactory | null;
  notebooks: INotebookTracker | null;
  settings: ISettingRegistry | null;
  trans: TranslationBundle;
}

/** What a new form begins with. */
export interface IDefaults {
  gateway: string;
  cores: string;
  memory: string;
  walltime: string;
}

/** Open a form for a notebook, which is saved first if the user wants that. */
export async function runNotebook(
  context: IComposeContext,
  path: string
): Promise<ComposeWidget | null> {
  const { trans } = context;
  const texts = {
    title: trans.__('Save the notebook first?'),
    body: trans.__(
      'A batch job runs the notebook as it is in its file. %1 has changes that are not saved.',
      path
    )
  };
  if (!(await offerToSave(context, path, texts))) {
    return null;
  }
  return openCompose(context, { kind: 'notebook', path });
}

/** Open a form for a script; what is run is its file, so changes are to be saved first. */
export async function runScript(
  context: IComposeContext,
  path: string
): Promise<ComposeWidget | null> {
  const { trans } = context;
  const texts = {
    title: trans.__('Save the script first?'),
    body: trans.__(
      'A batch job runs the script as it is in its file. %1 has changes that are not saved.',
      path
    )
  };
  if (!(await offerToSave(context, path, texts))) {
    return null;
  }
  return openCompose(context, { kind: 'script', path });
}

/** Open a new form. */
export async function openCompose(
  context: IComposeContext,
  changes: Partial<FormContent>
): Promise<ComposeWidget> {
  const { cores, memory, walltime } = await readDefaults(context.settings);
  const content = newForm({
    name: nameOfPath(changes.path ?? ''),
    cores,
    memory,
    walltime,
    ...changes
  });
  return openContent(context, content);
}

/** Open a new form with contents. */
export async function openContent(
  context: IComposeContext,
  content: FormContent
): Promise<ComposeWidget> {
  const client = await context.app.resolveRequiredService(IBatchClient);
  return show(context, new DraftStore({ client, content }), false);
}

/** Open a form with what a job was asked; its file is taken as it is now. */
export async function editJob(
  context: IComposeContext,
  jobId: string
): Promise<ComposeWidget | null> {
  const client = await context.app.resolveRequiredService(IBatchClient);
  try {
    const { gateway_id, spec } = await client.getJob(jobId);
    const content = {
      ...fromSubmission({ gateway_id, spec }),
      edited_job: jobId
    };
    return await show(context, new DraftStore({ client, content }), false);
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    tell('warning', errorText(reason, context.trans));
    return null;
  }
}

/** Open a form that was kept; a new one if it is gone. */
export async function openDraft(
  context: IComposeContext,
  key: string
): Promise<ComposeWidget> {
  const open = context.tracker.find(({ content }) => content.model.key === key);
  if (open) {
    context.app.shell.activateById(open.id);
    return open;
  }
  const client = await context.app.resolveRequiredService(IBatchClient);
  try {
    return await show(context, await DraftStore.restore({ client }, key), true);
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    tell('warning', errorText(reason, context.trans));
    return openCompose(context, {});
  }
}

/** Let the user choose a script that fills in a form. */
async function openScriptIn(
  context: IComposeContext,
  form: ComposeModel
): Promise<void> {
  const { chooseScript } = await import('./openScript');
  await chooseScript(context, form);
}

async function show(
  context: IComposeContext,
  draft: DraftStore,
  isRestored: boolean
): Promise<ComposeWidget> {
  const { app, documents, tracker, trans } = context;
  const { gateway } = await readDefaults(context.settings);
  const model = new ComposeModel({
    client: await app.resolveRequiredService(IBatchClient),
    jobs: await app.resolveRequiredService(IJobStore),
    draft,
    contents: app.serviceManager.contents,
    documents: documents ? new DocumentWatch(documents) : null,
    isRestored,
    defaultGateway: gateway
  });
  const widget = new ComposeWidget({
    model,
    commands: app.commands,
    onSaveTemplate: content => void saveTemplate(context, content),
    onOpenScript: form => void openScriptIn(context, form),
    chooseColumn: documents && (() => chooseColumn(documents, trans)),
    trans
  });
  // A form that becomes another job's has another key.
  let { key } = model;
  model.changed.connect(() => {
    if (model.key !== key) {
      key = model.key;
      void tracker.save(widget);
    }
  }, widget);
  addToShell(app.shell, widget);
  await tracker.add(widget);
  return widget;
}

/** What the user has set for new forms. */
export async function readDefaults(
  settings: ISettingRegistry | null
): Promise<IDefaults> {
  const loaded = await settings?.load('jupyterlab-batch:compose');
  const read = (name: string, otherwise: string): string => {
    const value = loaded?.get(name).composite;
    return value === undefined || value === null ? otherwise : String(value);
  };
  return {
    gateway: read('gateway', ''),
    cores: read('cores', '1'),
    memory: read('memory', '1 GB'),
    walltime: read('walltime', '1 h')
  };
}
