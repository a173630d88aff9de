import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';

import { batchIcon } from '../views/batchIcon';
import type { ComposeWidget } from '../widgets/composeWidget';
import { CommandIDs } from '../widgets/jobCommands';
import type { IComposeContext } from './bodies/openCompose';
import { JOB_ARGS, jobIdOf, later } from './jobOfMenu';

/** Endings of files that run as scripts; a file without an ending may have a `#!` line. */
const SCRIPT_NAME =
  /(^[^.]+|\.(py|sh|bash|zsh|ksh|csh|pl|r|jl|rb|sbatch|slurm))$/i;

/** Endings of files in which a batch system may be told of the job. */
const BATCH_SCRIPT_NAME = /\.(sh|bash|sbatch|slurm)$/i;

const FILE_ARGS = later('FILE_ARGS');
const SCRIPT_ARGS = later('SCRIPT_ARGS');

/** The form for a new job. */
export const compose: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:compose',
  description: 'Composes batch jobs in a form.',
  autoStart: true,
  optional: [
    ITranslator,
    ILayoutRestorer,
    IDocumentManager,
    IFileBrowserFactory,
    INotebookTracker,
    ISettingRegistry
  ],
  activate: (
    app,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    documents: IDocumentManager | null,
    browsers: IFileBrowserFactory | null,
    notebooks: INotebookTracker | null,
    settings: ISettingRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_batch');
    const tracker = new WidgetTracker<ComposeWidget>({
      namespace: 'jupyterlab-batch-compose'
    });
    addCommands({
      app,
      tracker,
      documents,
      browsers,
      notebooks,
      settings,
      trans
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.newJob,
      args: widget => ({ draft: widget.content.model.key }),
      name: widget => widget.content.model.key
    });
  }
};

function addCommands(context: IComposeContext): void {
  const { trans } = context;
  const { commands } = context.app;
  addNewJob(context);
  addOpenTemplate(context);
  addOpenScript(context);
  commands.addCommand(CommandIDs.runNotebook, {
    label: args =>
      args.isFromEditor === true
        ? trans.__('Run Notebook as Batch Job…')
        : trans.__('Run as Batch Job…'),
    caption: trans.__('Run this notebook as a batch job'),
    icon: batchIcon,
    describedBy: FILE_ARGS,
    isEnabled: args =>
      typeof args.path === 'string' || notebookPath(context, args) !== null,
    execute: async args => {
      const path = textOf(args.path) ?? notebookPath(context, args);
      const { runNotebook } = await import('./bodies/composeActs');
      await runNotebook(context, path ?? '');
    }
  });
  commands.addCommand(CommandIDs.runScript, {
    label: args =>
      args.isFromEditor === true
        ? trans.__('Run Script as Batch Job…')
        : trans.__('Run as Batch Job…'),
    caption: trans.__('Run this script as a batch job'),
    icon: batchIcon,
    describedBy: FILE_ARGS,
    isVisible: args =>
      typeof args.path === 'string' ||
      SCRIPT_NAME.test(PathExt.basename(filePath(context, args))),
    execute: async args => {
      const path = textOf(args.path) ?? filePath(context, args);
      const { runScript } = await import('./bodies/composeActs');
      await runScript(context, path);
    }
  });
}

function addOpenTemplate(context: IComposeContext): void {
  const { trans } = context;
  context.app.commands.addCommand(CommandIDs.openTemplate, {
    label: trans.__('Open Batch Template…'),
    icon: batchIcon,
    describedBy: later('TEMPLATE_ARGS'),
    execute: async args => {
      const { chooseTemplate, openTemplate } =
        await import('./bodies/composeActs');
      const path = textOf(args.path);
      return path ? openTemplate(context, path) : chooseTemplate(context);
    }
  });
}

function addOpenScript(context: IComposeContext): void {
  const { trans } = context;
  const isOfMenu = (args: Readonly<Record<string, unknown>>): boolean =>
    args.isFromBrowser === true || args.isFromEditor === true;
  context.app.commands.addCommand(CommandIDs.openScript, {
    label: trans.__('Open Batch Script…'),
    caption: trans.__(
      'Fill in a form by the lines, such as #SBATCH, of a script'
    ),
    icon: batchIcon,
    describedBy: SCRIPT_ARGS,
    isVisible: args =>
      !isOfMenu(args) || BATCH_SCRIPT_NAME.test(filePath(context, args)),
    execute: async args => {
      const { chooseScript, openScript } = await import('./bodies/composeActs');
      const path =
        textOf(args.path) ?? (isOfMenu(args) ? filePath(context, args) : '');
      return path ? openScript(context, path) : chooseScript(context);
    }
  });
}

function addNewJob(context: IComposeContext): void {
  const { trans } = context;
  context.app.commands.addCommand(CommandIDs.editJob, {
    label: trans.__('Edit and Resubmit…'),
    describedBy: JOB_ARGS,
    execute: async args => {
      const { editJob } = await import('./bodies/composeActs');
      return editJob(context, jobIdOf(args));
    }
  });
  context.app.commands.addCommand(CommandIDs.newJob, {
    label: args => newJobLabel(args.isLauncher === true, trans),
    caption: trans.__('Compose a new batch job'),
    icon: batchIcon,
    describedBy: later('NEW_JOB_ARGS'),
    execute: async args => {
      const { openCompose, openDraft } = await import('./bodies/composeActs');
      const key = textOf(args.draft);
      return key ? openDraft(context, key) : openCompose(context, {});
    }
  });
}

function newJobLabel(isLauncher: boolean, trans: TranslationBundle): string {
  return isLauncher ? trans.__('Batch Job') : trans.__('New Batch Job…');
}

/** The file that a command means: that of the editor in front, or the selected one; empty if there is none. */
function filePath(
  context: IComposeContext,
  args: { isFromEditor?: unknown }
): string {
  const open = context.app.shell.currentWidget;
  const file = open && context.documents?.contextForWidget(open);
  return args.isFromEditor === true
    ? (file?.path ?? '')
    : (selectedFile(context)?.path ?? '');
}

/** The notebook that a command means: the selected file, or the notebook in front. */
function notebookPath(
  context: IComposeContext,
  args: { isFromBrowser?: unknown }
): string | null {
  const selected = selectedFile(context);
  const isSelected = selected?.path.endsWith('.ipynb') ?? false;
  if (args.isFromBrowser === true && isSelected) {
    return selected?.path ?? null;
  }
  return (
    context.notebooks?.currentWidget?.context.path ??
    (isSelected ? (selected?.path ?? null) : null)
  );
}

function selectedFile(
  context: IComposeContext
): { name: string; path: string } | null {
  const browser = context.browsers?.tracker.currentWidget;
  const item = browser?.selectedItems().next().value;
  return item && item.type !== 'directory' ? item : null;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value ? value : undefined;
}
