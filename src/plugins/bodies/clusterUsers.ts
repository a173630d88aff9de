import type { Session } from '@jupyterlab/services';

import type { IClusterUsers } from '../../views/text/clusterActionText';
import type { IClusterAtHand, IClusterContext } from './clusterContext';
import { notebooksOf } from './notebookCells';
import { soon } from './soon';

/**
 * Who uses a cluster: who says so in a notebook, and whose clients its scheduler has.
 *
 * A cluster that is silent is stopped all the same, so that is not waited for.
 */
export async function clusterUsers(
  context: IClusterContext,
  { client, cluster }: IClusterAtHand
): Promise<IClusterUsers> {
  const { sessions } = context.app.serviceManager;
  const [said, connected] = await Promise.all([
    notebooksOf(context, cluster),
    soon(client.getUsers(cluster.id), null)
  ]);
  const kernels = connected?.kernel_ids ?? [];
  const inKernels = (): Session.IModel[] =>
    [...sessions.running()].filter(({ kernel }) =>
      kernels.includes(kernel?.id ?? '')
    );
  const isSeen = (id: string): boolean =>
    inKernels().some(({ kernel }) => kernel?.id === id);
  if (!kernels.every(isSeen)) {
    // Another window may have started one a moment ago.
    await soon(sessions.refreshRunning(), undefined);
  }
  const running = inKernels();
  const notebooks = running.filter(({ type }) => type === 'notebook');
  return {
    notebooks: [...new Set([...said, ...notebooks.map(({ path }) => path)])],
    consoles: running
      .filter(({ type }) => type !== 'notebook')
      .map(({ name, path }) => name || path),
    others: (connected?.clients ?? 0) - kernels.filter(isSeen).length,
    arePlacesKnown: connected?.kernel_ids !== null
  };
}
