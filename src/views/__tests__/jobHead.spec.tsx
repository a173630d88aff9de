import { render, screen } from '@testing-library/react';
import * as React from 'react';

import type { JobEvents, JobRow } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { ordersFor, ordersOf } from '../../model/orders';
import { JobHead } from '../job/JobHead';
import {
  fixLocale,
  makeGateway,
  makeRow,
  NOW,
  spyActions,
  trans
} from './fixtures';

fixLocale();

/** Draw the head of a job of which the server said something 5 minutes ago last. */
function setUp(row: JobRow): void {
  const [event] = (readExample('JobEvents.some') as JobEvents).events;
  render(
    <JobHead
      row={row}
      events={[{ ...event, phase: 'EXECUTING', at: row.started_at ?? '' }]}
      can={ordersFor(row, ordersOf([makeGateway()]))}
      now={NOW}
      staleSince={NOW - 5 * 60_000}
      actions={spyActions()}
      trans={trans}
    />
  );
}

it('counts no further than the last answer, and says how old that is', () => {
  setUp(makeRow());
  const head = 'Running · cell 7 of 18 · 25 min of 1 h · 5 min old';
  expect(screen.getByText(head)).toBeVisible();
  expect(screen.getByText('Running 25 min · limit 1 h')).toBeVisible();
});

it('says nothing of the age of what is over', () => {
  setUp(makeRow({ phase: 'COMPLETED' }));
  expect(screen.queryByText(/ old$/)).toBeNull();
});
