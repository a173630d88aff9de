import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ITranslator } from '@jupyterlab/translation';

import { IBatchClient, IJobStore } from '../../tokens';
import type { ClustersSection } from '../../widgets/clustersSection';
import { JobsPanel } from '../../widgets/jobsPanel';
import type { ActOnMany } from '../../widgets/selectionModel';

/** What a command puts the focus on. */
export interface IWanted {
  jobId?: string;
  clusterId?: string;
}

/** The panel, and what puts the focus on something in it. */
export interface IPanel {
  panel: JobsPanel;
  reveal: (wanted: IWanted) => void;
}

/** Make the side panel. */
export async function makePanel(
  app: JupyterFrontEnd,
  translator: ITranslator
): Promise<IPanel> {
  const trans = translator.load('jupyterlab_batch');
  const [client, jobs] = await Promise.all([
    app.resolveRequiredService(IBatchClient),
    app.resolveRequiredService(IJobStore)
  ]);
  let clusters: ClustersSection | null = null;
  let wanted: IWanted = {};
  const act: ActOnMany = async (action, rows) => {
    const { actOnMany } = await import('./actOnMany');
    return actOnMany({ app, trans }, action, rows);
  };
  const loadClusters = async (): Promise<ClustersSection> => {
    const { makeClusters } = await import('./clusterActs');
    clusters = await makeClusters(app, trans);
    show();
    return clusters;
  };
  const { commands } = app;
  const options = { client, jobs, commands, act, loadClusters, translator };
  const panel = new JobsPanel(options);
  const show = (): void => {
    if (wanted.jobId !== undefined) {
      panel.reveal(wanted.jobId);
    }
    if (wanted.clusterId !== undefined) {
      panel.showClusters();
      clusters?.reveal(wanted.clusterId);
    }
  };
  const reveal = (next: IWanted): void => {
    wanted = next;
    show();
  };
  return { panel, reveal };
}
