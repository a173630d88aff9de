import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';

import { usesCluster } from '../../model/clusterUse';
import type { Cluster } from '../../model/contract';
import type { IClusterContext } from './clusterContext';
import { soon } from './soon';

/** Larger files are not read just to name them. */
const MOST_BYTES = 5 * 2 ** 20;

/** So many notebooks are read at most: the user waits for the question. */
const MOST_READ = 30;

/** Notebooks whose kernel was connected from here, without a cell that says so, by cluster. */
const connected = new Map<string, Set<string>>();

/** Remember that the kernel of a notebook was connected to a cluster. */
export function noteConnected({ id }: Cluster, path: string): void {
  connected.set(id, (connected.get(id) ?? new Set()).add(path));
}

/**
 * The notebooks that use a cluster: open here or running elsewhere, as far as they say so, and
 * those whose kernel was connected from here.
 */
export async function notebooksOf(
  { app, notebooks }: IClusterContext,
  cluster: Cluster
): Promise<readonly string[]> {
  const panels = panelsOf(notebooks);
  const here = panels
    .filter(({ content }) =>
      usesCluster(JSON.stringify(content.model?.sharedModel ?? null), cluster)
    )
    .map(({ context }) => context.path);
  const opened = new Set(panels.map(({ context }) => context.path));
  const running = [...app.serviceManager.sessions.running()]
    .filter(({ type, path }) => type === 'notebook' && !opened.has(path))
    .map(({ path }) => path);
  const noted = [...(connected.get(cluster.id) ?? [])].filter(
    path => opened.has(path) || running.includes(path)
  );
  const { contents } = app.serviceManager;
  const elsewhere = await soon(
    usersOf(contents, running.slice(0, MOST_READ), cluster),
    []
  );
  return [...new Set([...here, ...noted, ...elsewhere])];
}

/** Which of these files use a cluster; one that cannot be read is left out. */
async function usersOf(
  contents: Contents.IManager,
  paths: readonly string[],
  cluster: Cluster
): Promise<string[]> {
  const read = async (path: string): Promise<boolean> => {
    const { size } = await contents.get(path, { content: false });
    if (!size || size > MOST_BYTES) {
      return false;
    }
    const file = await contents.get(path, { type: 'file', format: 'text' });
    return usesCluster(String(file.content), cluster);
  };
  const found = await Promise.allSettled(paths.map(read));
  return paths.filter((_, index) => {
    const answer = found[index];
    return answer.status === 'fulfilled' && answer.value;
  });
}

function panelsOf(notebooks: INotebookTracker | null): NotebookPanel[] {
  const panels: NotebookPanel[] = [];
  notebooks?.forEach(panel => panels.push(panel));
  return panels;
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
