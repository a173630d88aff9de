import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import * as React from 'react';

import '../../style/clusters.css';
import type { IClusterClient, IClusterStore } from '../clusterTokens';
import { canUse } from '../model/cluster';
import type { Cluster } from '../model/contract';
import { AnswerStore } from '../stores/answer';
import { ClustersList } from '../views/clusters/ClustersList';
import type { IWantedStop } from '../views/jobs/useListFocus';
import { useSnapshot } from '../views/useSnapshot';
import { Clock } from './clock';
import { clusterActions } from './clusterCommands';
import { ClusterDrag } from './clusterDrag';
import { DefaultCluster } from './defaultCluster';
import { CommandIDs } from './jobCommands';
import { SightWidget } from './sightWidget';

const CLOCK_INTERVAL_MS = 5_000;

/** The list of Dask clusters, live while it is in sight. */
export class ClustersSection extends SightWidget {
  constructor(private readonly _options: ClustersSection.IOptions) {
    super();
    const { client, clusters } = _options;
    this._parts = {
      clock: new Clock(CLOCK_INTERVAL_MS),
      offers: new AnswerStore(() => client.listGateways()),
      starter: new DefaultCluster(client, clusters)
    };
    this._drag = new ClusterDrag(this.node, {
      draggable: id => {
        const cluster = clusters.cluster(id);
        return cluster && canUse(cluster) ? cluster : undefined;
      },
      getCode: _options.getCode
    });
    this.addClass('jp-BatchJobs-clustersSection');
  }

  /** Put the focus on a cluster, as soon as it is in the list. */
  reveal(clusterId: string): void {
    this._wanted = { stop: `cluster:${clusterId}` };
    this.update();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this._drag.dispose();
      Object.values(this._parts).forEach(part => part.dispose());
    }
  }

  protected override live(): IDisposable {
    const { clock, offers } = this._parts;
    const attached = this._options.clusters.attach();
    clock.start();
    offers.look(true);
    return new DisposableDelegate(() => {
      attached.dispose();
      clock.stop();
      offers.look(false);
    });
  }

  protected override render(): JSX.Element {
    return (
      <LiveClusters {...this._options} {...this._parts} wanted={this._wanted} />
    );
  }

  private readonly _drag: ClusterDrag;
  private readonly _parts: IParts;
  private _wanted: IWantedStop | null = null;
}

/** What the section keeps besides the clusters. */
interface IParts {
  clock: Clock;
  offers: AnswerStore<Awaited<ReturnType<IClusterClient['listGateways']>>>;
  starter: DefaultCluster;
}

export namespace ClustersSection {
  export interface IOptions {
    client: IClusterClient;
    clusters: IClusterStore;
    commands: CommandRegistry;
    /** Ask for the text of a cell that connects; null if it cannot be had, of which the user is told. */
    getCode: (cluster: Cluster) => Promise<string | null>;
    trans: TranslationBundle;
  }
}

function LiveClusters(
  props: ClustersSection.IOptions & IParts & { wanted: IWantedStop | null }
): JSX.Element {
  const { clusters, commands, starter, offers, trans } = props;
  const snapshot = useSnapshot(clusters);
  const known = useSnapshot(offers);
  const start = useSnapshot(starter);
  const actions = React.useMemo(() => clusterActions(commands), [commands]);
  return (
    <ClustersList
      snapshot={snapshot}
      offers={known.answer}
      isStarting={start.isStarting}
      error={start.error ?? snapshot.error ?? known.error}
      now={useSnapshot(props.clock)}
      actions={actions}
      wanted={props.wanted}
      onStart={offer => void starter.start(offer)}
      onNew={() => void commands.execute(CommandIDs.newCluster)}
      onRetry={() => {
        starter.forget();
        void offers.refresh();
        void clusters.refresh();
      }}
      trans={trans}
    />
  );
}
