import { Clipboard, MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import * as React from 'react';

import '../../style/base.css';
import '../../style/job.css';
import '../../style/log.css';
import '../../style/table.css';
import '../../style/clusters.css';
import '../../style/clusterPage.css';
import type { IClusterClient, IClusterStore } from '../clusterTokens';
import { canUse } from '../model/cluster';
import type { Cluster, ClusterOffer, ClusterWorker } from '../model/contract';
import { AnswerStore } from '../stores/answer';
import { ClusterDetailsStore } from '../stores/clusterDetails';
import { LogStore } from '../stores/log';
import { batchIcon } from '../views/batchIcon';
import { ClusterPage } from '../views/clusters/ClusterPage';
import { useSnapshot } from '../views/useSnapshot';
import { clusterActions } from './clusterCommands';
import { Clock } from './clock';
import { SightWidget } from './sightWidget';

const CLOCK_INTERVAL_MS = 1_000;

/** The page of one cluster, in the main area. */
export class ClusterWidget extends MainAreaWidget<ClusterContent> {
  constructor(options: ClusterWidget.IOptions) {
    super({ content: new ClusterContent(options) });
    this.id = `jupyterlab-batch-cluster-${options.clusterId}`;
    this.title.icon = batchIcon;
    this.title.closable = true;
    this.toolbar.hide();
  }
}

export namespace ClusterWidget {
  export interface IOptions {
    clusterId: string;
    client: IClusterClient;
    clusters: IClusterStore;
    commands: CommandRegistry;
    /** Ask whether a worker is to end, and end it. */
    retire: (cluster: Cluster, worker: ClusterWorker) => void;
    trans: TranslationBundle;
  }
}

/** What stands in the tab of a cluster; live while it is in sight. */
export class ClusterContent extends SightWidget {
  constructor(private readonly _options: ClusterWidget.IOptions) {
    super();
    const { client, clusters, clusterId: id, trans } = _options;
    this._parts = {
      clock: new Clock(CLOCK_INTERVAL_MS),
      offers: new AnswerStore(() => client.listGateways()),
      details: new ClusterDetailsStore({ client, id }),
      log: new LogStore({
        client: {
          getLog: (_id, _stream, offset, limit) =>
            client.getLog(id, offset, limit)
        },
        jobId: id,
        stream: 'stdout',
        isActive: true,
        isVisible: false
      })
    };
    this.addClass('jp-BatchJobs-jobWidget');
    this.node.dataset.clusterId = id;
    this.title.label = trans.__('Dask cluster');
    clusters.changed.connect(this._onChanged, this);
    this._parts.offers.changed.connect(this._onChanged, this);
    this._onChanged();
  }

  get clusterId(): string {
    return this._options.clusterId;
  }

  /** What opens it again. */
  get opensWith(): ReadonlyJSONObject {
    return { cluster_id: this.clusterId };
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._options.clusters.changed.disconnect(this._onChanged, this);
      super.dispose();
      Object.values(this._parts).forEach(part => part.dispose());
    }
  }

  protected override live(): IDisposable {
    const { clock, offers } = this._parts;
    const attached = this._options.clusters.attach();
    this._isLive = true;
    clock.start();
    offers.look(true);
    this._onChanged();
    return new DisposableDelegate(() => {
      attached.dispose();
      this._isLive = false;
      clock.stop();
      offers.look(false);
      this._onChanged();
    });
  }

  protected override render(): JSX.Element {
    return <LiveCluster {...this._options} {...this._parts} />;
  }

  /** Ask for what there is to ask for now. */
  private _onChanged(): void {
    const { clusters, clusterId } = this._options;
    const { details, log, offers } = this._parts;
    const cluster = clusters.cluster(clusterId);
    if (this.parent && cluster) {
      this.parent.title.label = cluster.name;
    }
    const offer = offerOf(cluster, offers.snapshot.answer);
    const isUp = cluster !== undefined && canUse(cluster);
    // Of a gateway that is silent its offer says so.
    offers.expect(cluster?.stale_since ?? '');
    const can = offer?.capabilities ?? null;
    details.look(this._isLive && isUp ? can : null);
    log.isActive = isUp;
    log.isVisible = this._isLive && can !== null && can.log;
  }

  private readonly _parts: IParts;
  private _isLive = false;
}

/** What the page keeps besides the cluster. */
interface IParts {
  clock: Clock;
  offers: AnswerStore<ClusterOffer[]>;
  details: ClusterDetailsStore;
  log: LogStore;
}

function offerOf(
  cluster: Cluster | undefined,
  offers: readonly ClusterOffer[] | null
): ClusterOffer | null {
  return offers?.find(({ id }) => id === cluster?.gateway_id) ?? null;
}

function LiveCluster(props: ClusterWidget.IOptions & IParts): JSX.Element {
  const { clusters, clusterId, commands, details, log, retire, trans } = props;
  const snapshot = useSnapshot(clusters);
  const offers = useSnapshot(props.offers);
  const text = useSnapshot(log);
  const cluster = clusters.cluster(clusterId) ?? null;
  const offer = offerOf(cluster ?? undefined, offers.answer);
  const actions = React.useMemo(() => clusterActions(commands), [commands]);
  const onRetire = React.useCallback(
    (worker: ClusterWorker): void => {
      const known = clusters.cluster(clusterId);
      if (known) {
        retire(known, worker);
      }
    },
    [clusters, clusterId, retire]
  );
  return (
    <ClusterPage
      cluster={cluster}
      isGone={cluster === null && snapshot.state === 'live'}
      offer={offer}
      details={useSnapshot(details)}
      error={snapshot.error ?? offers.error}
      log={
        offer?.capabilities.log
          ? {
              log: text,
              find: null,
              onFind: () => undefined,
              onStopFinding: () => undefined,
              isLive: log.isActive,
              task: null,
              downloadUrl: null,
              path: null,
              onTask: () => undefined,
              onStream: null,
              onFollow: isFollowing => log.follow(isFollowing),
              onEarlier: () => void log.loadEarlier(),
              onLater: () => void log.loadLater(),
              onRetry: () => void log.refresh(),
              onCopy: copied => Clipboard.copyToSystem(copied)
            }
          : null
      }
      now={useSnapshot(props.clock)}
      actions={actions}
      onRetire={onRetire}
      onRetry={() => {
        void clusters.refresh();
        void props.offers.refresh();
        void details.refresh();
      }}
      trans={trans}
    />
  );
}
