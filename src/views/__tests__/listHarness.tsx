import { render } from '@testing-library/react';
import * as React from 'react';

import type { JobRow } from '../../model/contract';
import { JobsList } from '../jobs/JobsList';
import type { IJobsListProps } from '../jobs/JobsList';
import {
  makeSelection,
  makeSnapshot,
  NOW,
  spyActions,
  spySelecting,
  trans
} from './fixtures';

/** Draw the list of these jobs. */
export function setUpList(
  rows: JobRow[],
  changes: Partial<IJobsListProps> = {}
) {
  const props: jest.Mocked<IJobsListProps> = {
    snapshot: makeSnapshot(rows),
    isFiltered: false,
    error: null,
    now: NOW,
    actions: spyActions(),
    selection: makeSelection(),
    selecting: spySelecting(),
    wanted: null,
    onLoadMore: jest.fn(),
    onDismiss: jest.fn(),
    onClearFilter: jest.fn(),
    onNewJob: jest.fn(),
    onRetry: jest.fn(),
    onRetryGateway: jest.fn(),
    trans,
    ...changes
  } as jest.Mocked<IJobsListProps>;
  render(<JobsList {...props} />);
  return props;
}
