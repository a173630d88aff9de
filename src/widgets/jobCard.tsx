import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

import '../../style/base.css';
import '../../style/card.css';
import type { JobRow } from '../model/contract';
import { isFinal } from '../model/phase';
import type { IJobStore } from '../tokens';
import { JobCard } from '../views/job/JobCard';
import { useSnapshot } from '../views/useSnapshot';
import { Clock } from './clock';
import { jobActions } from './jobCommands';
import { ScreenWidget } from './screenWidget';

const CLOCK_INTERVAL_MS = 1_000;

/** What the card shows. Frozen: a change makes a new one. */
interface ICardSnapshot {
  readonly row: JobRow;
  readonly gatewayTitle: string;
  readonly isLive: boolean;
  /** This server does not know the job. */
  readonly isOld: boolean;
}

/**
 * One job in the output of a cell: the row that the output carries, until a newer one is known.
 *
 * It asks for nothing before it is seen, and nothing at all in an untrusted notebook.
 */
export class JobCardWidget extends ScreenWidget {
  constructor(options: JobCardWidget.IOptions) {
    super();
    this._options = options;
    this._snapshot = Object.freeze({
      row: options.row,
      gatewayTitle: options.row.gateway_id,
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
    const jobs = this._options.service?.jobs;
    if (!jobs) {
      return null;
    }
    const attached = jobs.attach();
    jobs.changed.connect(this._onJobsChanged, this);
    this._clock.start();
    this._onJobsChanged(jobs);
    void this._fetch(jobs);
    return new DisposableDelegate(() => {
      attached.dispose();
      jobs.changed.disconnect(this._onJobsChanged, this);
      this._clock.stop();
    });
  }

  protected override render(): JSX.Element {
    return (
      <LiveCard
        card={this}
        clock={this._clock}
        service={this._options.service}
        trans={this._options.trans}
      />
    );
  }

  private async _fetch(jobs: IJobStore): Promise<void> {
    try {
      this._show(await jobs.fetchRow(this._options.row.id), true);
    } catch {
      // The picture stays as it was; a job that comes to be known shows by itself.
      this._publish({ isOld: !this._snapshot.isLive });
    }
  }

  private _onJobsChanged(jobs: IJobStore): void {
    const row = jobs.row(this._options.row.id);
    const gateway = jobs.snapshot.gateways.find(
      ({ id }) => id === this._options.row.gateway_id
    );
    if (gateway && gateway.title !== this._snapshot.gatewayTitle) {
      this._publish({ gatewayTitle: gateway.title });
    }
    if (row && row !== this._snapshot.row) {
      this._show(row, true);
    }
  }

  private _show(row: JobRow, isLive: boolean): void {
    this._publish({ row, isLive, isOld: false });
    if (isFinal(row.phase)) {
      this._clock.stop();
    }
  }

  private _publish(changes: Partial<ICardSnapshot>): void {
    if (!this.isDisposed) {
      this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
      this._changed.emit(this._snapshot);
    }
  }

  private readonly _options: JobCardWidget.IOptions;
  private readonly _clock = new Clock(CLOCK_INTERVAL_MS);
  private readonly _changed = new Signal<this, ICardSnapshot>(this);
  private _snapshot: ICardSnapshot;
}

export namespace JobCardWidget {
  /** What makes a card live. */
  export interface IService {
    jobs: IJobStore;
    commands: CommandRegistry;
  }

  export interface IOptions {
    /** As the output carries it. */
    row: JobRow;
    /** Null in an untrusted notebook: the card is a still picture. */
    service: IService | null;
    trans: TranslationBundle;
  }
}

function LiveCard(props: {
  card: JobCardWidget;
  clock: Clock;
  service: JobCardWidget.IService | null;
  trans: TranslationBundle;
}): JSX.Element {
  const { service } = props;
  const { row, gatewayTitle, isLive, isOld } = useSnapshot(props.card);
  const now = useSnapshot(props.clock);
  const commands = service?.commands;
  const actions = React.useMemo(
    () => (commands ? jobActions(commands) : null),
    [commands]
  );
  return (
    <JobCard
      row={row}
      gatewayTitle={gatewayTitle}
      now={isLive ? now : null}
      actions={isOld ? null : actions}
      isOld={isOld}
      trans={props.trans}
    />
  );
}
