import type { TranslationBundle } from '@jupyterlab/translation';
import { PanelWithToolbar, ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { AccordionPanel, Widget } from '@lumino/widgets';
import * as React from 'react';

import type { IJobsSnapshot, IJobStore } from '../tokens';
import { CommandIDs } from './jobCommands';
import { LazyPanel } from './lazyPanel';
import { shareRoom } from './shareRoom';

/** Whether the user has unfolded the section, in this browser. */
const KEY = 'jupyterlab-batch:clusters-unfolded';

/**
 * The section of Dask clusters, folded until there is one or the user unfolds it.
 *
 * Nothing of clusters is loaded while it is folded.
 */
export class ClustersPlace extends PanelWithToolbar {
  constructor(private readonly _options: ClustersPlace.IOptions) {
    super();
    const { load, commands, trans } = _options;
    this.addClass('jp-BatchJobs-section');
    this.addClass('jp-mod-clusters');
    this.title.label = trans.__('Dask clusters');
    this.toolbar.node.setAttribute('aria-label', trans.__('Dask clusters'));
    this.toolbar.addItem(
      'new-cluster',
      new NewCluster(() => void commands.execute(CommandIDs.newCluster), trans)
    );
    const place = new LazyPanel(load, trans);
    place.addClass('jp-BatchJobs-clustersPlace');
    this.addWidget(place);
  }

  /** Take the place at the end of an accordion, as the user left it. */
  addTo(accordion: AccordionPanel): void {
    accordion.addWidget(this);
    this._accordion = accordion;
    if (localStorage.getItem(KEY) === 'true') {
      shareRoom(accordion);
    } else {
      accordion.collapse(this._index);
    }
    accordion.expansionToggled.connect(this._onToggled, this);
    this._options.jobs.changed.connect(this._onJobs, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._options.jobs.changed.disconnect(this._onJobs, this);
      super.dispose();
    }
  }

  /** Unfold it. */
  unfold(): void {
    if (this.isHidden) {
      this._accordion?.expand(this._index);
    }
  }

  private get _index(): number {
    return this._accordion?.widgets.indexOf(this) ?? -1;
  }

  private _onToggled(_: AccordionPanel, index: number): void {
    if (index === this._index) {
      localStorage.setItem(KEY, String(!this.isHidden));
    }
  }

  /** There are clusters: who has not folded it sees them. */
  private _onJobs(_: IJobStore, { clustersSeq }: IJobsSnapshot): void {
    if (clustersSeq > 0 && localStorage.getItem(KEY) === null) {
      this.unfold();
    }
  }

  private _accordion: AccordionPanel | null = null;
}

export namespace ClustersPlace {
  export interface IOptions {
    /** Makes what is in it. */
    load: () => Promise<Widget>;
    jobs: IJobStore;
    commands: CommandRegistry;
    trans: TranslationBundle;
  }
}

/** Leads to the form for a new cluster. */
class NewCluster extends ReactWidget {
  constructor(
    private readonly _open: () => void,
    private readonly _trans: TranslationBundle
  ) {
    super();
  }

  protected override render(): JSX.Element {
    return (
      <button type="button" className="jp-BatchJobs-link" onClick={this._open}>
        <span aria-hidden="true">+</span> {this._trans.__('New cluster')}
      </button>
    );
  }
}
