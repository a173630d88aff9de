import type { TranslationBundle } from '@jupyterlab/translation';
import { render } from '@testing-library/react';
import * as React from 'react';

import { BatchError } from '../../api/errors';
import type { Draft, Job } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { emptyLog } from '../../stores/logSnapshot';
import { JobCard } from '../job/JobCard';
import { JobPage } from '../job/JobPage';
import { JobsList } from '../jobs/JobsList';
import { PHASES } from './codes';
import { setUpForm } from './composeHarness';
import {
  makeGateway,
  makeJob,
  makeRow,
  makeSnapshot,
  NOW,
  spyActions
} from './fixtures';

const OFFLINE = new BatchError('x', { status: 0, isOffline: true });

function silentGateway() {
  const gateway = makeGateway();
  gateway.health = { ...gateway.health, ok: false };
  return gateway;
}

function drawList(
  trans: TranslationBundle,
  changes: Parameters<typeof makeSnapshot>[1] = {},
  rows = PHASES.map((phase, index) => makeRow({ phase }, index + 1))
): HTMLElement {
  const snapshot = makeSnapshot(rows, changes);
  const { container } = render(
    <JobsList
      snapshot={snapshot}
      error={snapshot.error}
      now={NOW}
      actions={spyActions()}
      onLoadMore={jest.fn()}
      onDismiss={jest.fn()}
      onNewJob={jest.fn()}
      onRetry={jest.fn()}
      onRetryGateway={jest.fn()}
      trans={trans}
    />
  );
  return container;
}

function drawPage(trans: TranslationBundle, job: Job): HTMLElement {
  const { container } = render(
    <JobPage
      row={job}
      job={job}
      error={OFFLINE}
      gateways={[makeGateway()]}
      now={NOW}
      actions={spyActions()}
      onOpenFile={jest.fn()}
      onRetry={jest.fn()}
      log={{
        log: {
          ...emptyLog('stderr'),
          size: 0,
          hasEarlier: true,
          hasLater: true,
          isFollowing: false,
          isCut: true,
          restarts: 1
        },
        isLive: true,
        onStream: jest.fn(),
        onFollow: jest.fn(),
        onEarlier: jest.fn(),
        onRetry: jest.fn()
      }}
      trans={trans}
    />
  );
  return container;
}

function drawCard(trans: TranslationBundle, isOld: boolean): HTMLElement {
  const { container } = render(
    <JobCard
      row={makeRow({ phase: 'UNKNOWN', reason: 'answer_lost' })}
      gatewayTitle="Slurm"
      now={NOW}
      actions={spyActions()}
      isOld={isOld}
      trans={trans}
    />
  );
  return container;
}

function drawForm(
  trans: TranslationBundle,
  ...[content, state]: Parameters<typeof setUpForm>
): HTMLElement {
  return setUpForm(content, state, trans).container;
}

const WITH_PROBLEMS: Parameters<typeof setUpForm> = [
  { variables: [{ name: 'SEED', value: '7', isFromFile: false }] },
  {
    gateways: [silentGateway()],
    hasUnsavedNotebook: true,
    error: OFFLINE,
    drafts: [{ ...(readExample('Draft.unsent') as Draft), title: '' }],
    parameters: [
      { name: 'n', typeHint: 'int', source: '3', value: 3, comment: null }
    ],
    issues: [
      {
        field: 'spec.task.path',
        severity: 'error',
        code: 'not_found',
        message: '',
        limit: null
      },
      {
        field: 'spec.resources.cores',
        severity: 'warning',
        code: 'over_queue',
        message: '',
        limit: 2
      }
    ]
  }
];

/** Every view, in the states in which it says most. */
export const VIEWS: [string, (trans: TranslationBundle) => HTMLElement][] = [
  ['an empty list', trans => drawList(trans, {}, [])],
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
  ['a form', trans => drawForm(trans)],
  ['a form for a script', trans => drawForm(trans, { kind: 'script' })],
  ['a form for a command', trans => drawForm(trans, { kind: 'command' })],
  ['a form with problems', trans => drawForm(trans, ...WITH_PROBLEMS)],
  ['a form that was sent', trans => drawForm(trans, {}, { jobId: 'job-7' })],
  ['the page of a failed job', trans => drawPage(trans, makeJob())],
  [
    'the page of a running job',
    trans => drawPage(trans, readExample('Job.running-command') as Job)
  ],
  ['a card', trans => drawCard(trans, false)],
  ['a card of another time', trans => drawCard(trans, true)]
];
