import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ABCWidgetFactory, DocumentWidget } from '@jupyterlab/docregistry';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';

import { batchIcon } from '../views/batchIcon';
import { CommandIDs } from '../widgets/jobCommands';

const FILE_TYPE = 'batch-template';

/** Templates in the file browser: a type of file of their own, which opens as a form. */
export const templates: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-batch:templates',
  description: 'Opens templates of batch jobs from the file browser.',
  autoStart: true,
  optional: [ITranslator],
  activate: (app, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_batch');
    const { docRegistry, commands } = app;
    docRegistry.addFileType({
      name: FILE_TYPE,
      displayName: trans.__('Batch Template'),
      extensions: ['.batch.json'],
      mimeTypes: ['application/json'],
      icon: batchIcon
    });
    docRegistry.addWidgetFactory(
      new TemplateFactory(
        {
          name: 'Batch Job Form',
          label: trans.__('Batch Job Form'),
          fileTypes: [FILE_TYPE],
          defaultFor: [FILE_TYPE],
          readOnly: true
        },
        commands
      )
    );
  }
};

/** Opens a template as a new form: the form is no view of the file, which stays as it is. */
class TemplateFactory extends ABCWidgetFactory<DocumentWidget> {
  constructor(
    options: DocumentRegistry.IWidgetFactoryOptions<DocumentWidget>,
    private readonly _commands: CommandRegistry
  ) {
    super(options);
  }

  protected override createNewWidget(
    context: DocumentRegistry.Context
  ): DocumentWidget {
    const widget = new DocumentWidget({ context, content: new Widget() });
    void context.ready.then(async () => {
      await this._commands.execute(CommandIDs.openTemplate, {
        path: context.path
      });
      widget.dispose();
    });
    return widget;
  }
}
