import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import * as React from 'react';

import '../../style/base.css';
import '../../style/card.css';
import type { JobRow } from '../model/contract';
import { isFinal } from '../model/phase';
import type { IJobStore } from '../tokens';
import { JobCard } from '../views/job/JobCard';
import { useSnapshot } from '../views/useSnapshot';
import { CardWidget } from './cardWidget';
import { jobActions } from './jobCommands';

const CLOCK_INTERVAL_MS = 1_000;

/** The card of a job. */
export class JobCardWidget extends CardWidget<JobRow> {
  constructor(private readonly _options: JobCardWidget.IOptions) {
    super(_options.row, CLOCK_INTERVAL_MS);
  }

  protected override live(): IDisposable | null {
    const jobs = this._options.service?.jobs;
    if (!jobs) {
      return null;
    }
    const attached = jobs.attach();
    jobs.changed.connect(this._onJobsChanged, this);
    this.clock.start();
    this._onJobsChanged(jobs);
    void this.fetch(() => jobs.fetchRow(this._options.row.id));
    return new DisposableDelegate(() => {
      attached.dispose();
      jobs.changed.disconnect(this._onJobsChanged, this);
      this.clock.stop();
    });
  }

  protected override accept(row: JobRow): void {
    super.accept(row);
    if (isFinal(row.phase)) {
      this.clock.stop();
    }
  }

  protected override render(): JSX.Element {
    return <LiveCard card={this} options={this._options} />;
  }

  private _onJobsChanged(jobs: IJobStore): void {
    const { subject, gatewayTitle } = this.snapshot;
    const row = jobs.row(subject.id);
    const gateway = jobs.snapshot.gateways.find(
      ({ id }) => id === subject.gateway_id
    );
    if (gateway && gateway.title !== gatewayTitle) {
      this.publish({ gatewayTitle: gateway.title });
    }
    if (row && row !== subject) {
      this.accept(row);
    }
  }
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
  options: JobCardWidget.IOptions;
}): JSX.Element {
  const { service, trans } = props.options;
  const { subject, gatewayTitle, isLive, isOld, error } = useSnapshot(
    props.card
  );
  const now = useSnapshot(props.card.clock);
  const commands = service?.commands;
  const actions = React.useMemo(
    () => (commands ? jobActions(commands) : null),
    [commands]
  );
  return (
    <JobCard
      row={subject}
      gatewayTitle={gatewayTitle}
      now={isLive ? now : null}
      staleSince={service?.jobs.snapshot.staleSince ?? null}
      actions={isOld ? null : actions}
      isOld={isOld}
      error={error}
      trans={trans}
    />
  );
}
