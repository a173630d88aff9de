import { FileDialog } from '@jupyterlab/filebrowser';

import { readClusterTemplate } from '../../model/clusterTemplate';
import { readTemplate, TEMPLATE_ENDING } from '../../model/template';
import { errorText } from '../../views/text/errorText';
import type { ComposeWidget } from '../../widgets/composeWidget';
import { CommandIDs } from '../../widgets/jobCommands';
import type { IComposeContext } from './openCompose';
import { openContent } from './openCompose';
import { tell } from './tell';

/** Open a new form, for a job or a cluster, with what a template says; the template stays as it is. */
export async function openTemplate(
  context: IComposeContext,
  path: string
): Promise<ComposeWidget | null> {
  const { app, trans } = context;
  try {
    const file = await app.serviceManager.contents.get(path, {
      type: 'file',
      format: 'text',
      content: true
    });
    const template = String(file.content);
    const content = readTemplate(template);
    if (content) {
      return await openContent(context, content);
    }
    if (readClusterTemplate(template)) {
      await app.commands.execute(CommandIDs.newCluster, { template });
      return null;
    }
    tell(
      'warning',
      trans.__(
        '%1 is no template that this version of Batch Jobs can read. It was left as it is.',
        path
      )
    );
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    tell('warning', errorText(reason, trans));
  }
  return null;
}

/** Let the user choose a template, and open it. */
export async function chooseTemplate(
  context: IComposeContext
): Promise<ComposeWidget | null> {
  const { documents, trans } = context;
  if (!documents) {
    return null;
  }
  const { value } = await FileDialog.getOpenFiles({
    manager: documents,
    title: trans.__('Open Template'),
    filter: ({ name }) => (name.endsWith(TEMPLATE_ENDING) ? {} : null)
  });
  const path = value?.[0]?.path;
  return path ? openTemplate(context, path) : null;
}
