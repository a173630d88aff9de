import { IClusterClient, IClusterStore } from '../../clusterTokens';
import { canUse } from '../../model/cluster';
import { isOverText } from '../../views/text/clusterActionText';
import { ClusterWidget } from '../../widgets/clusterWidget';
import { pick } from '../../widgets/pickDialog';
import { PlotWidget } from '../../widgets/plotWidget';
import { addToShell } from './addToShell';
import { attempt } from './attempt';
import { atHand } from './clusterContext';
import type { ClusterTab, IClusterContext } from './clusterContext';
import { retireWorker } from './retireWorker';
import { tell } from './tell';

/** A page of a dashboard; a command could name any other address of this server. */
const PAGE = /^(?:[a-z0-9-]+|statics\/individual-[a-z0-9-]+\.html)$/;

/** What a tab is opened with. */
export interface ITabArgs {
  /** A page of the dashboard instead of the page of the cluster. */
  plot?: unknown;
  /** What that plot is called. */
  title?: unknown;
}

/** Open the page of a cluster, or the plot that is named; show it if it is open. */
export async function openCluster(
  context: IClusterContext,
  clusterId: string,
  { plot, title }: ITabArgs = {}
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const [client, clusters] = await Promise.all([
      app.resolveRequiredService(IClusterClient),
      app.resolveRequiredService(IClusterStore)
    ]);
    const parts = { clusterId, client, clusters, trans };
    if (typeof plot === 'string' && PAGE.test(plot)) {
      const name = typeof title === 'string' ? title : plot;
      show(context, new PlotWidget({ ...parts, path: plot, title: name }));
    } else {
      const { commands } = app;
      show(
        context,
        new ClusterWidget({
          ...parts,
          commands,
          retire: (cluster, worker) =>
            void retireWorker(context, cluster, worker)
        })
      );
    }
  });
}

/** Open a plot of a cluster, which a dialog asks for unless it is named. */
export async function openPlot(
  context: IClusterContext,
  clusterId: string,
  args: ITabArgs = {}
): Promise<void> {
  const { app, trans } = context;
  await attempt(trans, async () => {
    const { client, cluster } = await atHand(app, clusterId);
    if (!canUse(cluster)) {
      tell('info', isOverText(cluster, trans));
      return;
    }
    if (args.plot) {
      await openCluster(context, clusterId, args);
      return;
    }
    const { plots } = await client.listPlots(clusterId);
    const chosen = await pick({
      title: trans.__('Open a Dask plot of %1', cluster.name),
      label: trans.__('Plot'),
      hint: trans.__('Find a plot, such as memory'),
      accept: trans.__('Open'),
      items: plots.map(({ path, title, kind }) => ({
        id: path,
        title,
        note: kind === 'page' ? trans.__('several plots') : ''
      })),
      trans
    });
    if (chosen) {
      const { id: plot, title } = chosen;
      await openCluster(context, clusterId, { plot, title });
    }
  });
}

/** Show a tab, or the one that is open already in its place. */
function show({ app, tabs }: IClusterContext, fresh: ClusterTab): void {
  const open = tabs.find(({ id }) => id === fresh.id);
  if (open) {
    fresh.dispose();
    app.shell.activateById(open.id);
    return;
  }
  addToShell(app.shell, fresh);
  void tabs.add(fresh);
}
