import type { TranslationBundle } from '@jupyterlab/translation';
import type { ITranslator } from '@jupyterlab/translation';
import {
  addIcon,
  CommandToolbarButton,
  ReactWidget,
  refreshIcon,
  SidePanel,
  Toolbar
} from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import '../../style/base.css';
import '../../style/panel.css';
import type { Gateway } from '../model/contract';
import type { IBatchClient, IJobStore } from '../tokens';
import { JobsList } from '../views/jobs/JobsList';
import type { ISelectionActions } from '../views/jobs/SelectionBar';
import type { IWantedStop } from '../views/jobs/useListFocus';
import { useSnapshot } from '../views/useSnapshot';
import { Clock } from './clock';
import { CommandIDs, jobActions } from './jobCommands';
import { SelectionModel } from './selectionModel';
import type { ActOnMany } from './selectionModel';

const CLOCK_INTERVAL_MS = 5_000;

/** The side panel: one toolbar, and the jobs. */
export class JobsPanel extends SidePanel {
  constructor(options: JobsPanel.IOptions) {
    super({ translator: options.translator });
    const { commands } = options;
    const trans = options.translator.load('jupyterlab_batch');
    this.addClass('jp-BatchJobs-panel');
    this.toolbar.node.setAttribute('aria-label', trans.__('Batch jobs'));
    this.toolbar.addItem('title', new PanelTitle(trans));
    this.toolbar.addItem('spacer', Toolbar.createSpacerItem());
    this.toolbar.addItem(
      'refresh',
      new CommandToolbarButton({
        commands,
        id: CommandIDs.refreshJobs,
        icon: refreshIcon,
        label: ''
      })
    );
    this.toolbar.addItem(
      'new-job',
      new CommandToolbarButton({
        commands,
        id: CommandIDs.newJob,
        icon: addIcon,
        label: trans.__('New job')
      })
    );
    const jobs = new JobsSection(options, trans);
    jobs.title.label = trans.__('Jobs');
    this.addWidget(jobs);
    this._jobs = jobs;
  }

  /** Put the focus on a job, as soon as it is in the list. */
  reveal(jobId: string): void {
    this._jobs.reveal(jobId);
  }

  private readonly _jobs: JobsSection;
}

export namespace JobsPanel {
  export interface IOptions {
    client: IBatchClient;
    jobs: IJobStore;
    commands: CommandRegistry;
    /** Does something to many jobs, once the user has confirmed it. */
    act: ActOnMany;
    translator: ITranslator;
  }
}

/** The name of the panel, in its toolbar. */
class PanelTitle extends ReactWidget {
  constructor(trans: TranslationBundle) {
    super();
    this._trans = trans;
    this.addClass('jp-BatchJobs-panelTitle');
  }

  protected override render(): JSX.Element {
    return <span>{this._trans.__('Batch')}</span>;
  }

  private readonly _trans: TranslationBundle;
}

/** The list of jobs, live while it is in sight. */
class JobsSection extends ReactWidget {
  constructor(options: JobsPanel.IOptions, trans: TranslationBundle) {
    super();
    this._options = options;
    this._trans = trans;
    this._selection = new SelectionModel(options.act);
    this.addClass('jp-BatchJobs-jobsSection');
  }

  reveal(jobId: string): void {
    this._wanted = { stop: `job:${jobId}` };
    this.update();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._release();
      this._clock.dispose();
      super.dispose();
    }
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._hold();
  }

  protected override onBeforeDetach(msg: Message): void {
    this._release();
    super.onBeforeDetach(msg);
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._hold();
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._release();
  }

  protected override render(): JSX.Element {
    return (
      <LiveJobs
        options={this._options}
        clock={this._clock}
        selection={this._selection}
        wanted={this._wanted}
        trans={this._trans}
      />
    );
  }

  private _hold(): void {
    if (this.isVisible && !this._attached) {
      this._attached = this._options.jobs.attach();
      this._clock.start();
    }
  }

  private _release(): void {
    this._attached?.dispose();
    this._attached = null;
    this._clock.stop();
  }

  private readonly _options: JobsPanel.IOptions;
  private readonly _trans: TranslationBundle;
  private readonly _clock = new Clock(CLOCK_INTERVAL_MS);
  private readonly _selection: SelectionModel;
  private _wanted: IWantedStop | null = null;
  private _attached: IDisposable | null = null;
}

function LiveJobs(props: {
  options: JobsPanel.IOptions;
  clock: Clock;
  selection: SelectionModel;
  wanted: IWantedStop | null;
  trans: TranslationBundle;
}): JSX.Element {
  const { client, jobs, commands } = props.options;
  const { selection } = props;
  const snapshot = useSnapshot(jobs);
  const now = useSnapshot(props.clock);
  const actions = React.useMemo(() => jobActions(commands), [commands]);
  const selecting = React.useMemo(() => selectingOf(selection), [selection]);
  const [error, setError] = React.useState<Error | null>(null);
  const attempt = (work: Promise<unknown>): void => {
    work.then(
      () => setError(null),
      (reason: Error) => setError(reason)
    );
  };
  return (
    <JobsList
      snapshot={snapshot}
      error={error ?? snapshot.error}
      now={now}
      actions={actions}
      selection={useSnapshot(selection)}
      selecting={selecting}
      wanted={props.wanted}
      onLoadMore={group => attempt(jobs.loadMore(group))}
      onDismiss={() =>
        attempt(client.markSeen(snapshot.seq).then(() => jobs.refresh()))
      }
      onNewJob={() => void commands.execute(CommandIDs.newJob)}
      onRetry={() => attempt(jobs.refresh())}
      onRetryGateway={(gateway: Gateway) =>
        attempt(client.getGateway(gateway.id).then(() => jobs.refresh()))
      }
      trans={props.trans}
    />
  );
}

/** What the list asks of the selection. */
function selectingOf(selection: SelectionModel): ISelectionActions {
  return {
    toggle: id => selection.toggle(id),
    extend: (from, to, order) => selection.extend(from, to, order),
    selectAll: ids => selection.selectAll(ids),
    clear: () => selection.clear(),
    run: (action, rows) => void selection.run(action, rows)
  };
}
