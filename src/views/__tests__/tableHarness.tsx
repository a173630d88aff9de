import type { TranslationBundle } from '@jupyterlab/translation';
import { render } from '@testing-library/react';
import * as React from 'react';

import { USUAL_LAYOUT } from '../../model/columns';
import type { JobRow } from '../../model/contract';
import { ALL_JOBS } from '../../model/query';
import type { ITableSnapshot } from '../../stores/jobTable';
import type { IJobActions } from '../jobs/jobActions';
import { JobsTable } from '../table/JobsTable';
import type { IJobsTableProps } from '../table/JobsTable';
import {
  makeGateway,
  makeSelection,
  makeSnapshot,
  NOW,
  spyActions,
  spySelecting
} from './fixtures';

/** So high is the grid in these tests: jsdom draws nothing. */
export const GRID_HEIGHT = 290;

/** Give every element a size for which there is room. */
export function giveSizes(): void {
  beforeEach(() => {
    jest
      .spyOn(Element.prototype, 'clientHeight', 'get')
      .mockReturnValue(GRID_HEIGHT);
    // All usual columns have room, and no more than their usual width.
    jest.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1_110);
  });
  afterEach(() => jest.restoreAllMocks());
}

/** What is known of a list of these jobs. */
export function makeTable(
  total: number | null,
  changes: Partial<ITableSnapshot> = {}
): ITableSnapshot {
  return {
    query: { filter: ALL_JOBS, sort: 'created', descending: true },
    total,
    phases: total ? { EXECUTING: total } : {},
    isLoading: false,
    error: null,
    version: 1,
    ...changes
  };
}

/** What the table is given, with spies in it. */
type Spied = IJobsTableProps & {
  actions: jest.Mocked<IJobActions>;
  grid: jest.Mocked<IJobsTableProps['grid']>;
  onPhases: jest.Mock;
  onExport: jest.Mock;
};

/** The table of some jobs, with spies for all that it asks. */
export function tableProps(
  rows: readonly (JobRow | undefined)[],
  trans: TranslationBundle,
  changes: Partial<IJobsTableProps> = {}
): Spied {
  return {
    snapshot: makeSnapshot([], { gateways: [makeGateway()] }),
    table: makeTable(rows.length),
    rows: {
      row: (index: number) => rows[index],
      indexOf: (id: string) => {
        const index = rows.findIndex(row => row?.id === id);
        return index < 0 ? null : index;
      }
    },
    layout: USUAL_LAYOUT,
    text: '',
    unknownPhases: [],
    phases: [],
    isFiltered: false,
    error: null,
    now: NOW,
    selection: makeSelection(),
    selectedRows: [],
    selecting: spySelecting(),
    grid: {
      onShow: jest.fn(),
      onLayout: jest.fn(),
      onToggle: jest.fn(),
      onExtend: jest.fn(),
      onSelectAll: jest.fn(),
      onClear: jest.fn(() => false)
    },
    isExporting: false,
    actions: spyActions(),
    onText: jest.fn(),
    onPhases: jest.fn(),
    onClearFilter: jest.fn(),
    onExport: jest.fn(),
    onNewJob: jest.fn(),
    onRetry: jest.fn(),
    onRetryGateway: jest.fn(),
    trans,
    ...changes
  } as Spied;
}

/** Draw the table of some jobs. */
export function drawTable(
  rows: readonly (JobRow | undefined)[],
  trans: TranslationBundle,
  changes: Partial<IJobsTableProps> = {}
) {
  const props = tableProps(rows, trans, changes);
  const view = render(<JobsTable {...props} />);
  return { props, ...view };
}
