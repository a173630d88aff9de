import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import * as React from 'react';

import '../../style/base.css';
import '../../style/panel.css';
import '../../style/rows.css';
import '../../style/selection.css';
import '../../style/chips.css';
import '../../style/columns.css';
import '../../style/filter.css';
import '../../style/table.css';
import type { TableLayout } from '../model/columns';
import type { JobRow } from '../model/contract';
import { isAll } from '../model/query';
import { JobTable } from '../stores/jobTable';
import type { TableQuery } from '../stores/jobTable';
import type { IBatchClient, IJobStore } from '../tokens';
import { batchIcon } from '../views/batchIcon';
import { JobsTable } from '../views/table/JobsTable';
import type { IJobsTableProps } from '../views/table/JobsTable';
import { useSnapshot } from '../views/useSnapshot';
import { Clock } from './clock';
import { FilterModel } from './filterModel';
import { CommandIDs, jobActions } from './jobCommands';
import { selectingOf } from './jobsSection';
import { SelectionModel } from './selectionModel';
import type { ActOnMany } from './selectionModel';
import { exportCsv, jobIdentity, TableSelection } from './tableModel';
import { SightWidget } from './sightWidget';

const CLOCK_INTERVAL_MS = 5_000;

/** The table of all jobs, in the main area. */
export class TableWidget extends MainAreaWidget<TableContent> {
  constructor(options: TableWidget.IOptions) {
    super({ content: new TableContent(options) });
    this.id = 'jupyterlab-batch-table';
    this.title.icon = batchIcon;
    this.title.label = options.trans.__('Batch Jobs');
    this.title.closable = true;
    this.toolbar.hide();
  }
}

export namespace TableWidget {
  export interface IOptions {
    client: IBatchClient;
    jobs: IJobStore;
    commands: CommandRegistry;
    act: ActOnMany;
    /** What is typed at first. */
    query: string;
    layout: TableLayout;
    /** Keep a layout for the next time. */
    keep: (layout: TableLayout) => void;
    /** Offer a text as a file. */
    save: (name: string, text: string) => void;
    trans: TranslationBundle;
  }
}

/** What stands in the table's tab; live while it is in sight. */
export class TableContent extends SightWidget {
  constructor(readonly options: TableWidget.IOptions) {
    super();
    const { act, client, jobs, layout } = options;
    this.layoutModel = new LayoutModel(layout, options.keep);
    this.filter = new FilterModel(jobs, options.query);
    this.table = new JobTable(client, jobs, this._query());
    this.selection = new SelectionModel(act);
    this.selected = new TableSelection(
      this.table,
      this.selection,
      jobIdentity(jobs)
    );
    this.filter.changed.connect(this._onQuery, this);
    this.layoutModel.changed.connect(this._onQuery, this);
    this.addClass('jp-BatchJobs-tableWidget');
  }

  override dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this.filter.dispose();
      this.table.dispose();
      this.clock.dispose();
      Signal.clearData(this.layoutModel);
    }
  }

  protected override live(): IDisposable {
    const attached = this.options.jobs.attach();
    this.clock.start();
    void this.table.refresh();
    return new DisposableDelegate(() => {
      attached.dispose();
      this.clock.stop();
    });
  }

  protected override render(): JSX.Element {
    return <LiveTable content={this} />;
  }

  private _query(): TableQuery {
    const { sort, descending } = this.layoutModel.snapshot;
    return { filter: this.filter.snapshot.filter, sort, descending };
  }

  private _onQuery(): void {
    this.table.setQuery(this._query());
  }

  readonly clock = new Clock(CLOCK_INTERVAL_MS);
  readonly filter: FilterModel;
  readonly layoutModel: LayoutModel;
  readonly table: JobTable;
  readonly selection: SelectionModel;
  readonly selected: TableSelection<JobRow>;
}

/** The present layout, kept whenever it changes. */
class LayoutModel {
  constructor(
    private _snapshot: TableLayout,
    private readonly _keep: (layout: TableLayout) => void
  ) {}

  get snapshot(): TableLayout {
    return this._snapshot;
  }

  set(layout: TableLayout): void {
    this._snapshot = layout;
    this._keep(layout);
    this.changed.emit();
  }

  readonly changed = new Signal<this, void>(this);
}

function LiveTable({ content }: { content: TableContent }): JSX.Element {
  const { client, jobs, commands, save, trans } = content.options;
  const { filter, layoutModel, selected, selection, table } = content;
  const actions = React.useMemo(() => jobActions(commands), [commands]);
  const selecting = React.useMemo(() => selectingOf(selection), [selection]);
  const { error, attempt } = useAttempt();
  const grid = React.useMemo(
    () => gridOf(content, attempt),
    [content, attempt]
  );
  const [isExporting, setExporting] = React.useState(false);
  const state = useSnapshot(filter);
  const layout = useSnapshot(layoutModel);
  const shownSelection = useSnapshot(selection);
  const known = useSnapshot(table);
  const again = (): Promise<unknown> =>
    Promise.all([jobs.refresh(), table.refresh()]);
  const exportAll = async (): Promise<void> => {
    setExporting(true);
    try {
      save(
        'batch-jobs.csv',
        await exportCsv(client, known.query, layout.columns)
      );
    } finally {
      setExporting(false);
    }
  };
  return (
    <JobsTable
      snapshot={useSnapshot(jobs)}
      table={known}
      rows={table}
      layout={layout}
      text={state.text}
      unknownPhases={state.unknownPhases}
      phases={state.filter.phases}
      isFiltered={!isAll(state.filter)}
      error={error}
      now={useSnapshot(content.clock)}
      selection={shownSelection}
      selectedRows={selected.rows}
      selecting={selecting}
      grid={grid}
      isExporting={isExporting}
      actions={actions}
      onText={text => filter.type(text)}
      onPhases={phases => filter.choosePhases(phases)}
      onClearFilter={() => filter.clear()}
      onExport={() => attempt(exportAll())}
      onNewJob={() => void commands.execute(CommandIDs.newJob)}
      onRetry={() => attempt(again())}
      onRetryGateway={({ id }) => attempt(client.getGateway(id).then(again))}
      trans={trans}
    />
  );
}

/** What the grid asks for; the same each time, so that no row is drawn again for it. */
function gridOf(
  { layoutModel, selected, table }: TableContent,
  attempt: Attempt
): IJobsTableProps['grid'] {
  return {
    onShow: (first, last) => table.show(first, last),
    onLayout: next => layoutModel.set(next),
    onToggle: row => selected.toggle(row),
    onExtend: (from, to) => attempt(selected.extend(from, to)),
    onSelectAll: () => attempt(selected.selectAll()),
    onClear: () => selected.clear()
  };
}

type Attempt = (work: Promise<unknown>) => void;

/** Do something; what failed last is told until something succeeds. */
function useAttempt(): { error: Error | null; attempt: Attempt } {
  const [error, setError] = React.useState<Error | null>(null);
  const attempt = React.useCallback<Attempt>(work => {
    work.then(
      () => setError(null),
      (reason: Error) => setError(reason)
    );
  }, []);
  return { error, attempt };
}
