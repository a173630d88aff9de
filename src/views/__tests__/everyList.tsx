import type { TranslationBundle } from '@jupyterlab/translation';
import { render } from '@testing-library/react';
import * as React from 'react';

import { FilterBar } from '../jobs/FilterBar';
import { JobsList } from '../jobs/JobsList';
import { PHASES } from './codes';
import { OFFLINE, silentGateway } from './everyForm';
import {
  makeGateway,
  makeRow,
  makeSelection,
  makeSnapshot,
  NOW,
  spyActions,
  spySelecting,
  TASK_COUNTS
} from './fixtures';

function drawList(
  trans: TranslationBundle,
  changes: Parameters<typeof makeSnapshot>[1] = {},
  rows = PHASES.map((phase, index) => makeRow({ phase }, index + 1)),
  selection = makeSelection(),
  isFiltered = false
): HTMLElement {
  const snapshot = makeSnapshot(rows, changes);
  const { container } = render(
    <JobsList
      snapshot={snapshot}
      isFiltered={isFiltered}
      error={snapshot.error}
      now={NOW}
      actions={spyActions()}
      selection={selection}
      selecting={spySelecting()}
      wanted={null}
      onLoadMore={jest.fn()}
      onDismiss={jest.fn()}
      onClearFilter={jest.fn()}
      onNewJob={jest.fn()}
      onRetry={jest.fn()}
      onRetryGateway={jest.fn()}
      trans={trans}
    />
  );
  return container;
}

/** So many gateways, of which one is silent and one lets nobody in. */
function drawFilter(trans: TranslationBundle, count: number): HTMLElement {
  const gateways = Array.from({ length: count }, (_, index) =>
    makeGateway({ id: `gateway-${index}`, title: 'Slurm' })
  );
  const { health } = gateways[0];
  gateways[0] = silentGateway();
  gateways[1] = makeGateway({
    id: 'gateway-1',
    health: { ...health, auth_ok: false }
  });
  const { container } = render(
    <FilterBar
      gateways={gateways}
      chosen={['gateway-2']}
      text="phase:7"
      unknownPhases={['7']}
      now={NOW}
      onChoose={jest.fn()}
      onText={jest.fn()}
      trans={trans}
    />
  );
  return container;
}

/** Some of each phase are selected, and of the last action every outcome is told. */
function drawSelection(trans: TranslationBundle): HTMLElement {
  const rows = PHASES.map((phase, index) => makeRow({ phase }, index + 1));
  const outcomes = [
    'ok',
    'already_final',
    'denied',
    'not_found',
    'error'
  ] as const;
  const items = outcomes.map((outcome, index) => ({
    id: rows[index].id,
    name: rows[index].name,
    outcome,
    message: outcome === 'denied' ? '7' : null
  }));
  return drawList(
    trans,
    { gateways: [makeGateway({ id: rows[0].gateway_id })] },
    rows,
    makeSelection(
      rows.map(({ id }) => id),
      { result: { action: 'cancel', items }, error: OFFLINE }
    )
  );
}

/** Every state of the list of jobs and its filter in which they say most. */
export const LISTS: [string, (trans: TranslationBundle) => HTMLElement][] = [
  ['an empty list', trans => drawList(trans, {}, [])],
  [
    'a list in which nothing fits',
    trans => drawList(trans, {}, [], makeSelection(), true)
  ],
  ['a filter of gateways', trans => drawFilter(trans, 3)],
  ['a filter of many gateways', trans => drawFilter(trans, 50)],
  ['a list of every phase', trans => drawList(trans)],
  ['a list that loads', trans => drawList(trans, { state: 'loading' })],
  [
    'a stale list',
    trans => drawList(trans, { staleSince: NOW - 9e5, state: 'stale' })
  ],
  [
    'a list with everything amiss',
    trans => drawList(trans, { error: OFFLINE, gateways: [silentGateway()] })
  ],
  [
    'a list of arrays',
    trans =>
      drawList(
        trans,
        {},
        PHASES.map((phase, index) =>
          makeRow({ array: TASK_COUNTS, phase }, index + 1)
        )
      )
  ],
  ['a list with a selection', drawSelection]
];
