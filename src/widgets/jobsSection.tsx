import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import * as React from 'react';

import type { Gateway } from '../model/contract';
import { isAll } from '../model/query';
import { FilteredJobs } from '../stores/filteredJobs';
import type { IBatchClient, IJobStore } from '../tokens';
import { JobsList } from '../views/jobs/JobsList';
import type { ISelectionActions } from '../views/jobs/SelectionBar';
import type { IWantedStop } from '../views/jobs/useListFocus';
import { useSnapshot } from '../views/useSnapshot';
import type { Clock } from './clock';
import type { FilterModel, IFilterState } from './filterModel';
import { CommandIDs, jobActions } from './jobCommands';
import { SelectionModel } from './selectionModel';
import type { ActOnMany } from './selectionModel';
import { SightWidget } from './sightWidget';

/** The list of jobs, live while it is in sight. */
export class JobsSection extends SightWidget {
  constructor(private readonly _options: JobsSection.IOptions) {
    super();
    const { act, client, filter, jobs } = _options;
    this._selection = new SelectionModel(act);
    this._shown = new FilteredJobs(client, jobs);
    this._shown.setFilter(filter.snapshot.filter);
    filter.changed.connect(this._onFilter, this);
    this.addClass('jp-BatchJobs-jobsSection');
  }

  reveal(jobId: string): void {
    this._wanted = { stop: `job:${jobId}` };
    this._options.filter.clear();
    this.update();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this._options.filter.changed.disconnect(this._onFilter, this);
      this._shown.dispose();
    }
  }

  protected override live(): IDisposable {
    const { clock, jobs } = this._options;
    const attached = jobs.attach();
    clock.start();
    return new DisposableDelegate(() => {
      attached.dispose();
      clock.stop();
    });
  }

  protected override render(): JSX.Element {
    return (
      <LiveJobs
        options={this._options}
        shown={this._shown}
        selection={this._selection}
        wanted={this._wanted}
      />
    );
  }

  private _onFilter(_: FilterModel, { filter }: IFilterState): void {
    this._shown.setFilter(filter);
  }

  private readonly _selection: SelectionModel;
  private readonly _shown: FilteredJobs;
  private _wanted: IWantedStop | null = null;
}

export namespace JobsSection {
  export interface IOptions {
    client: IBatchClient;
    jobs: IJobStore;
    commands: CommandRegistry;
    clock: Clock;
    filter: FilterModel;
    act: ActOnMany;
    trans: TranslationBundle;
  }
}

function LiveJobs(props: {
  options: JobsSection.IOptions;
  shown: FilteredJobs;
  selection: SelectionModel;
  wanted: IWantedStop | null;
}): JSX.Element {
  const { client, jobs, commands, clock, filter, trans } = props.options;
  const { selection, shown } = props;
  const snapshot = useSnapshot(shown);
  const now = useSnapshot(clock);
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
      isFiltered={!isAll(useSnapshot(filter).filter)}
      error={error ?? snapshot.error}
      now={now}
      actions={actions}
      selection={useSnapshot(selection)}
      selecting={selecting}
      wanted={props.wanted}
      onLoadMore={group => attempt(shown.loadMore(group))}
      onDismiss={() =>
        attempt(client.markSeen(snapshot.seq).then(() => jobs.refresh()))
      }
      onClearFilter={() => filter.clear()}
      onNewJob={() => void commands.execute(CommandIDs.newJob)}
      onRetry={() => attempt(jobs.refresh())}
      onRetryGateway={(gateway: Gateway) =>
        attempt(client.getGateway(gateway.id).then(() => jobs.refresh()))
      }
      trans={trans}
    />
  );
}

/** What the list asks of the selection. */
export function selectingOf(selection: SelectionModel): ISelectionActions {
  return {
    toggle: id => selection.toggle(id),
    extend: (from, to, order) => selection.extend(from, to, order),
    selectAll: ids => selection.selectAll(ids),
    clear: () => selection.clear(),
    run: (action, rows) => void selection.run(action, rows)
  };
}
