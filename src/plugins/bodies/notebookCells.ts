import type {
  INotebookModel,
  INotebookTracker,
  NotebookPanel
} from '@jupyterlab/notebook';

import type { Cluster } from '../../model/contract';

/** The notebooks open here with a cell that names a cluster, as those do that connect to it. */
export function notebooksOf(
  notebooks: INotebookTracker | null,
  { id }: Cluster
): readonly string[] {
  return panelsOf(notebooks)
    .filter(({ content }) => sourcesOf(content.model).some(isOf(id)))
    .map(({ context }) => context.path);
}

function isOf(id: string): (source: string) => boolean {
  return source => source.includes(id);
}

function panelsOf(notebooks: INotebookTracker | null): NotebookPanel[] {
  const panels: NotebookPanel[] = [];
  notebooks?.forEach(panel => panels.push(panel));
  return panels;
}

function sourcesOf(model: INotebookModel | null): readonly string[] {
  return model?.sharedModel.cells.map(cell => cell.getSource()) ?? [];
}

/** Put code into the active cell if that is an empty one, else into a new one below it. */
export function putCode(panel: NotebookPanel, code: string): void {
  const { content } = panel;
  const shared = content.model?.sharedModel;
  if (!shared) {
    return;
  }
  const index = content.activeCellIndex;
  const active = shared.cells[index];
  if (active?.cell_type === 'code' && active.getSource().trim() === '') {
    active.setSource(code);
  } else {
    shared.insertCell(index + 1, { cell_type: 'code', source: code });
    content.activeCellIndex = index + 1;
  }
  content.mode = 'command';
  content.deselectAll();
}
