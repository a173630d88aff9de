import type { TranslationBundle } from '@jupyterlab/translation';
import type { ITranslator } from '@jupyterlab/translation';
import {
  addIcon,
  CommandToolbarButton,
  PanelWithToolbar,
  ReactWidget,
  refreshIcon,
  SidePanel,
  Toolbar
} from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { AccordionPanel, PanelLayout, Widget } from '@lumino/widgets';
import * as React from 'react';

import '../../style/base.css';
import '../../style/panel.css';
import '../../style/rows.css';
import '../../style/selection.css';
import '../../style/chips.css';
import '../../style/filter.css';
import '../../style/allocations.css';
import type { IBatchClient, IJobStore } from '../tokens';
import { FilterBar } from '../views/jobs/FilterBar';
import { useSnapshot } from '../views/useSnapshot';
import { AllocationsSection } from './allocationsSection';
import { Clock } from './clock';
import { ClustersPlace } from './clustersPlace';
import { FilterModel } from './filterModel';
import { CommandIDs } from './jobCommands';
import { JobsSection } from './jobsSection';
import type { ActOnMany } from './selectionModel';
import { shareRoom } from './shareRoom';

const CLOCK_INTERVAL_MS = 5_000;

/** The side panel: one toolbar, what is shown, the jobs, and Dask clusters below them. */
export class JobsPanel extends SidePanel {
  constructor(options: JobsPanel.IOptions) {
    super({ translator: options.translator });
    const trans = options.translator.load('jupyterlab_batch');
    this.addClass('jp-BatchJobs-panel');
    this._fillToolbar(options.commands, trans);
    this._filter = new FilterModel(options.jobs);
    // Below the toolbar, in sight whatever is scrolled.
    (this.layout as PanelLayout).insertWidget(
      1,
      new FilterWidget(options.jobs, this._filter, this._clock, trans)
    );
    const jobs = new JobsSection({
      ...options,
      clock: this._clock,
      filter: this._filter,
      trans
    });
    const section = new PanelWithToolbar();
    section.addClass('jp-BatchJobs-section');
    section.addClass('jp-mod-jobs');
    section.title.label = trans.__('Jobs');
    section.addWidget(jobs);
    section.toolbar.node.setAttribute('aria-label', trans.__('Jobs'));
    section.toolbar.addItem(
      'open-table',
      new OpenTable(
        () =>
          void options.commands.execute(CommandIDs.openTable, {
            query: this._filter.query
          }),
        trans
      )
    );
    this.addWidget(section);
    this._clusters = new ClustersPlace({
      ...options,
      load: options.loadClusters,
      trans
    });
    this._clusters.addTo(this._sections);
    this._sections.expansionToggled.connect(this._onToggled, this);
    this._jobs = jobs;
    this._client = options.client;
    this._store = options.jobs;
    this._words = trans;
    options.jobs.changed.connect(this._onJobs, this);
    this._room.observe(this.content.node);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._room.disconnect();
      this._store.changed.disconnect(this._onJobs, this);
      this._sections.expansionToggled.disconnect(this._onToggled, this);
      super.dispose();
      this._filter.dispose();
      this._clock.dispose();
    }
  }

  /** Put the focus on a job, as soon as it is in the list. */
  reveal(jobId: string): void {
    this._jobs.reveal(jobId);
  }

  /** Unfold the section of Dask clusters. */
  showClusters(): void {
    this._clusters.unfold();
  }

  /** There is a gateway that charges accounts: what is left of them has a section, folded. */
  private _onJobs(): void {
    const { gateways } = this._store.snapshot;
    const isCharged = gateways.some(
      ({ capabilities }) => capabilities.accounts
    );
    if (this._allocations || !isCharged) {
      return;
    }
    const { _client: client, _store: jobs, _words: trans } = this;
    this._allocations = new PanelWithToolbar();
    this._allocations.addClass('jp-BatchJobs-section');
    this._allocations.title.label = trans.__('Allocations');
    this._allocations.addWidget(new AllocationsSection(client, jobs, trans));
    this.addWidget(this._allocations);
    this._sections.collapse(this.widgets.length - 1);
  }

  private get _sections(): AccordionPanel {
    return this.content as AccordionPanel;
  }

  private _onToggled(sections: AccordionPanel, index: number): void {
    if (!sections.widgets[index]?.isHidden) {
      shareRoom(sections);
    }
  }

  private _fillToolbar(
    commands: CommandRegistry,
    trans: TranslationBundle
  ): void {
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
  }

  /** What stands above the sections is drawn later than they are, and may become taller. */
  private readonly _room = new ResizeObserver(() => this.content.update());
  private readonly _clock = new Clock(CLOCK_INTERVAL_MS);
  private readonly _filter: FilterModel;
  private readonly _jobs: JobsSection;
  private readonly _clusters: ClustersPlace;
  private readonly _client: IBatchClient;
  private readonly _store: IJobStore;
  private readonly _words: TranslationBundle;
  private _allocations: PanelWithToolbar | null = null;
}

export namespace JobsPanel {
  export interface IOptions {
    client: IBatchClient;
    jobs: IJobStore;
    commands: CommandRegistry;
    /** Does something to many jobs, once the user has confirmed it. */
    act: ActOnMany;
    /** Makes the list of Dask clusters. */
    loadClusters: () => Promise<Widget>;
    translator: ITranslator;
  }
}

/** The name of the panel, in its toolbar. */
class PanelTitle extends ReactWidget {
  constructor(private readonly _trans: TranslationBundle) {
    super();
    this.addClass('jp-BatchJobs-panelTitle');
  }

  protected override render(): JSX.Element {
    return <span>{this._trans.__('Batch')}</span>;
  }
}

/** Leads from the list to the table of the same jobs. */
class OpenTable extends ReactWidget {
  constructor(
    private readonly _open: () => void,
    private readonly _trans: TranslationBundle
  ) {
    super();
  }

  protected override render(): JSX.Element {
    return (
      <button
        type="button"
        className="jp-BatchJobs-link"
        title={this._trans.__('Open these jobs as one table')}
        onClick={this._open}
      >
        {this._trans.__('open as table')} <span aria-hidden="true">↗</span>
      </button>
    );
  }
}

/** What is typed and pressed to see some jobs only. */
class FilterWidget extends ReactWidget {
  constructor(
    private readonly _jobs: IJobStore,
    private readonly _filter: FilterModel,
    private readonly _clock: Clock,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-BatchJobs-panelTop');
  }

  protected override render(): JSX.Element {
    return (
      <LiveFilter
        jobs={this._jobs}
        filter={this._filter}
        clock={this._clock}
        trans={this._trans}
      />
    );
  }
}

function LiveFilter(props: {
  jobs: IJobStore;
  filter: FilterModel;
  clock: Clock;
  trans: TranslationBundle;
}): JSX.Element {
  const { filter } = props;
  const { text, chosen, unknownPhases } = useSnapshot(filter);
  return (
    <FilterBar
      gateways={useSnapshot(props.jobs).gateways}
      chosen={chosen}
      text={text}
      unknownPhases={unknownPhases}
      now={useSnapshot(props.clock)}
      onChoose={ids => filter.choose(ids)}
      onText={typed => filter.type(typed)}
      trans={props.trans}
    />
  );
}
