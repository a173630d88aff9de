import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

import '../../style/base.css';
import '../../style/card.css';
import type { IClusterClient, IClusterStore } from '../clusterTokens';
import type { Cluster } from '../model/contract';
import { ClusterCard } from '../views/clusters/ClusterCard';
import { useSnapshot } from '../views/useSnapshot';
import { Clock } from './clock';
import { clusterActions } from './clusterCommands';
import { ScreenWidget } from './screenWidget';

const CLOCK_INTERVAL_MS = 5_000;

/** What the card shows. Frozen: a change makes a new one. */
interface ICardSnapshot {
  readonly cluster: Cluster;
  readonly gatewayTitle: string;
  /** It is as it is now, not as it was when the output was made. */
  readonly isLive: boolean;
  /** This server does not know the cluster. */
  readonly isOld: boolean;
}

/**
 * One Dask cluster in the output of a cell: the row that the output carries, until a newer one is known.
 *
 * It asks for nothing before it is seen, and nothing at all in an untrusted notebook.
 */
export class ClusterCardWidget extends ScreenWidget {
  constructor(private readonly _options: ClusterCardWidget.IOptions) {
    super();
    const { cluster } = _options;
    this._snapshot = Object.freeze({
      cluster,
      gatewayTitle: cluster.gateway_id,
      isLive: false,
      isOld: false
    });
    this.addClass('jp-BatchJobs-cardWidget');
  }

  get snapshot(): ICardSnapshot {
    return this._snapshot;
  }

  get changed(): ISignal<this, ICardSnapshot> {
    return this._changed;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this._clock.dispose();
    }
  }

  protected override live(): IDisposable | null {
    const { service } = this._options;
    if (!service) {
      return null;
    }
    const { clusters } = service;
    const attached = clusters.attach();
    clusters.changed.connect(this._onChanged, this);
    this._clock.start();
    void this._fetch(clusters);
    void this._fetchTitle(service.client);
    return new DisposableDelegate(() => {
      clusters.changed.disconnect(this._onChanged, this);
      this._clock.stop();
      attached.dispose();
    });
  }

  protected override render(): JSX.Element {
    return <LiveCard card={this} clock={this._clock} options={this._options} />;
  }

  private async _fetch(clusters: IClusterStore): Promise<void> {
    try {
      this._show(await clusters.fetch(this._options.cluster.id));
    } catch {
      // The picture stays as it was; a cluster that comes to be known shows by itself.
      this._publish({ isOld: !this._snapshot.isLive });
    }
  }

  private _onChanged(clusters: IClusterStore): void {
    const cluster = clusters.cluster(this._options.cluster.id);
    if (cluster) {
      this._show(cluster);
    } else if (this._snapshot.isLive && clusters.snapshot.state === 'live') {
      // It was forgotten, or is older than those that are listed.
      this._publish({ isOld: true });
    }
  }

  private async _fetchTitle(
    client: ClusterCardWidget.IService['client']
  ): Promise<void> {
    const { gateway_id } = this._options.cluster;
    try {
      const known = (await client.listGateways()).find(
        ({ id }) => id === gateway_id
      );
      if (known) {
        this._publish({ gatewayTitle: known.title });
      }
    } catch {
      // Its id stays, as the picture has it.
    }
  }

  private _show(cluster: Cluster): void {
    const { isLive, isOld, cluster: before } = this._snapshot;
    if (cluster !== before || !isLive || isOld) {
      this._publish({ cluster, isLive: true, isOld: false });
    }
  }

  private _publish(changes: Partial<ICardSnapshot>): void {
    if (!this.isDisposed) {
      this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
      this._changed.emit(this._snapshot);
    }
  }

  private readonly _clock = new Clock(CLOCK_INTERVAL_MS);
  private readonly _changed = new Signal<this, ICardSnapshot>(this);
  private _snapshot: ICardSnapshot;
}

export namespace ClusterCardWidget {
  /** What makes a card live. */
  export interface IService {
    client: Pick<IClusterClient, 'listGateways'>;
    clusters: IClusterStore;
    commands: CommandRegistry;
  }

  export interface IOptions {
    /** As the output carries it. */
    cluster: Cluster;
    /** When it was so, in ms since the epoch. */
    asOf: number;
    /** Null in an untrusted notebook: the card is a still picture. */
    service: IService | null;
    trans: TranslationBundle;
  }
}

function LiveCard(props: {
  card: ClusterCardWidget;
  clock: Clock;
  options: ClusterCardWidget.IOptions;
}): JSX.Element {
  const { asOf, service, trans } = props.options;
  const { cluster, gatewayTitle, isLive, isOld } = useSnapshot(props.card);
  const now = useSnapshot(props.clock);
  const commands = service?.commands;
  const actions = React.useMemo(
    () => (commands ? clusterActions(commands) : null),
    [commands]
  );
  return (
    <ClusterCard
      cluster={cluster}
      gatewayTitle={gatewayTitle}
      now={isLive ? now : asOf}
      actions={isLive && !isOld ? actions : null}
      isOld={isOld}
      trans={trans}
    />
  );
}
