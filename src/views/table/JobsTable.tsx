import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { fits } from '../../model/bulk';
import type { TableLayout } from '../../model/columns';
import type { Gateway, JobRow, Phase } from '../../model/contract';
import { fitted, unfitted } from '../../model/fittedColumns';
import { ordersFor, ordersOf } from '../../model/orders';
import type { ITableSnapshot } from '../../stores/jobTable';
import type { IJobsSnapshot } from '../../tokens';
import { QueryInput } from '../jobs/FilterBar';
import type { IJobActions } from '../jobs/jobActions';
import { GatewayNotices, Notice, ServerNotice } from '../jobs/Notices';
import { SelectionBar } from '../jobs/SelectionBar';
import type { IListSelection, ISelectionActions } from '../jobs/SelectionBar';
import { errorText } from '../text/errorText';
import { countedTo, countText } from '../text/timeText';
import { CHECK_WIDTH } from './checkCells';
import { ColumnsMenu } from './ColumnsMenu';
import { JobGrid } from './JobGrid';
import type { IJobGridProps } from './JobGrid';
import { PhaseCounts } from './PhaseCounts';
import type { IGridRows } from './useGridKeys';
import { useWidth } from './useWidth';
import { focusGrid } from './WindowedGrid';

/** The boxes that select jobs, and a scroll bar, in pixels. */
const BESIDE_COLUMNS = CHECK_WIDTH + 16;

export interface IJobsTableProps {
  snapshot: IJobsSnapshot;
  table: ITableSnapshot;
  rows: IGridRows;
  layout: TableLayout;
  text: string;
  unknownPhases: readonly string[];
  phases: readonly Phase[];
  isFiltered: boolean;
  /** Why the last action failed. */
  error: Error | null;
  /** Milliseconds since the epoch. */
  now: number;
  selection: IListSelection;
  /** Those of the selected jobs that are known. */
  selectedRows: readonly JobRow[];
  selecting: ISelectionActions;
  grid: Pick<
    IJobGridProps,
    'onShow' | 'onLayout' | 'onToggle' | 'onExtend' | 'onSelectAll' | 'onClear'
  >;
  isExporting: boolean;
  actions: IJobActions;
  onText: (text: string) => void;
  onPhases: (phases: readonly Phase[]) => void;
  onClearFilter: () => void;
  onExport: () => void;
  onNewJob: () => void;
  onRetry: () => void;
  onRetryGateway: (gateway: Gateway) => void;
  trans: TranslationBundle;
}

/** All jobs as one table. */
export function JobsTable(props: IJobsTableProps): JSX.Element {
  const { snapshot, table, trans } = props;
  const root = React.useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  const fit = React.useMemo(
    () => fitted(props.layout, Math.max(0, width - BESIDE_COLUMNS)),
    [props.layout, width]
  );
  return (
    <div
      ref={root}
      className="jp-BatchJobs-tableView"
      data-state={snapshot.state}
    >
      {table.isLoading && (
        <div
          className="jp-BatchJobs-loading"
          role="progressbar"
          aria-label={trans.__('Loading jobs')}
        />
      )}
      <div className="jp-BatchJobs-tableTop">
        <PhaseCounts
          counts={table.phases}
          chosen={props.phases}
          onChoose={props.onPhases}
          trans={trans}
        />
        <QueryInput {...props} />
        <ColumnsMenu
          layout={props.layout}
          leftOut={fit.leftOut}
          onLayout={props.grid.onLayout}
          trans={trans}
        />
      </div>
      <Problems {...props} />
      <TableBar {...props} onLeave={() => focusGrid(root.current)} />
      {table.total === 0 ? (
        <NoRows {...props} />
      ) : (
        <Grid {...props} fit={fit.layout} />
      )}
    </div>
  );
}

function Problems(props: IJobsTableProps): JSX.Element {
  const { snapshot, now, trans } = props;
  const error = props.error ?? props.table.error;
  return (
    <>
      <ServerNotice
        snapshot={snapshot}
        now={now}
        onRetry={props.onRetry}
        trans={trans}
      />
      {error && snapshot.staleSince === null && (
        <Notice
          tone="error"
          text={errorText(error, trans)}
          action={{ label: trans.__('Retry'), run: props.onRetry }}
        />
      )}
      <GatewayNotices
        gateways={snapshot.gateways}
        now={now}
        onRetry={props.onRetryGateway}
        trans={trans}
      />
    </>
  );
}

/** How many jobs there are or, in the same place, what can be done to the selected ones. */
function TableBar(
  props: IJobsTableProps & {
    /** The focus was in the bar of the selection, and that is gone. */
    onLeave: () => void;
  }
): JSX.Element {
  const { table, selection, trans } = props;
  const orders = ordersOf(props.snapshot.gateways);
  const isUsed =
    selection.ids.size > 0 || selection.result !== null || selection.error;
  return (
    <div className={`jp-BatchJobs-tableBar ${isUsed ? 'jp-mod-used' : ''}`}>
      <SelectionBar
        selected={props.selectedRows}
        label={trans.__('Selected jobs')}
        selection={selection}
        actions={props.selecting}
        fits={(action, row) => fits(action, row, ordersFor(row, orders))}
        onLeave={props.onLeave}
        trans={trans}
      />
      {selection.ids.size === 0 && (
        <>
          <span role="status">
            {table.total !== null &&
              trans._n(
                '%2 job',
                '%2 jobs',
                table.total,
                countText(table.total)
              )}
          </span>
          <button
            type="button"
            className="jp-BatchJobs-link"
            aria-disabled={props.isExporting || !table.total}
            onClick={() => {
              if (!props.isExporting && table.total) {
                props.onExport();
              }
            }}
          >
            {props.isExporting
              ? trans.__('Exporting…')
              : trans.__('Export as CSV')}
          </button>
        </>
      )}
    </div>
  );
}

function NoRows(props: IJobsTableProps): JSX.Element {
  const { isFiltered, trans } = props;
  return (
    <div className="jp-BatchJobs-empty">
      <p>
        {isFiltered
          ? trans.__('No job fits the filter.')
          : trans.__(
              'No jobs yet. Run a notebook as a batch job: right-click it, or New job.'
            )}
      </p>
      <button
        type="button"
        className="jp-BatchJobs-link"
        onClick={isFiltered ? props.onClearFilter : props.onNewJob}
      >
        {isFiltered ? trans.__('Show all jobs') : trans.__('New job')}
      </button>
    </div>
  );
}

function Grid(
  props: IJobsTableProps & {
    /** The layout as it fits into the room that there is. */
    fit: TableLayout;
  }
): JSX.Element {
  const { snapshot, table, layout, fit, trans } = props;
  const { gateways, staleSince } = snapshot;
  const now = countedTo(props.now, staleSince);
  const context = React.useMemo(
    () => ({
      gatewayTitles: new Map(gateways.map(({ id, title }) => [id, title])),
      now,
      trans
    }),
    [gateways, now, trans]
  );
  return (
    <JobGrid
      {...props.grid}
      rows={props.rows}
      total={table.total ?? 0}
      layout={fit}
      onLayout={next => props.grid.onLayout(unfitted(layout, fit, next))}
      selected={props.selection.ids}
      orders={React.useMemo(() => ordersOf(gateways), [gateways])}
      isBusy={table.isLoading}
      context={context}
      actions={props.actions}
    />
  );
}
