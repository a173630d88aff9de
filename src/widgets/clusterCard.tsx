import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import * as React from 'react';

import '../../style/base.css';
import '../../style/card.css';
import type { IClusterClient, IClusterStore } from '../clusterTokens';
import type { Cluster } from '../model/contract';
import { ClusterCard } from '../views/clusters/ClusterCard';
import { useSnapshot } from '../views/useSnapshot';
import { CardWidget } from './cardWidget';
import { clusterActions } from './clusterCommands';

const CLOCK_INTERVAL_MS = 5_000;

/** The card of a Dask cluster. */
export class ClusterCardWidget extends CardWidget<Cluster> {
  constructor(private readonly _options: ClusterCardWidget.IOptions) {
    super(_options.cluster, CLOCK_INTERVAL_MS);
  }

  protected override live(): IDisposable | null {
    const { service } = this._options;
    if (!service) {
      return null;
    }
    const { clusters } = service;
    const attached = clusters.attach();
    clusters.changed.connect(this._onChanged, this);
    this.clock.start();
    void this.fetch(() => clusters.fetch(this._options.cluster.id));
    void this._fetchTitle(service.client);
    return new DisposableDelegate(() => {
      clusters.changed.disconnect(this._onChanged, this);
      this.clock.stop();
      attached.dispose();
    });
  }

  protected override render(): JSX.Element {
    return <LiveCard card={this} options={this._options} />;
  }

  private _onChanged(clusters: IClusterStore): void {
    const cluster = clusters.cluster(this._options.cluster.id);
    if (cluster) {
      this.accept(cluster);
    } else if (this.snapshot.isLive && clusters.snapshot.state === 'live') {
      // It was forgotten, or is older than those that are listed.
      this.publish({ isOld: true });
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
        this.publish({ gatewayTitle: known.title });
      }
    } catch {
      // Its id stays, as the picture has it.
    }
  }
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
  options: ClusterCardWidget.IOptions;
}): JSX.Element {
  const { asOf, service, trans } = props.options;
  const { subject, gatewayTitle, isLive, isOld, error } = useSnapshot(
    props.card
  );
  const now = useSnapshot(props.card.clock);
  const commands = service?.commands;
  const actions = React.useMemo(
    () => (commands ? clusterActions(commands) : null),
    [commands]
  );
  return (
    <ClusterCard
      cluster={subject}
      gatewayTitle={gatewayTitle}
      now={isLive ? now : asOf}
      actions={isLive && !isOld ? actions : null}
      isOld={isOld}
      error={error}
      trans={trans}
    />
  );
}
