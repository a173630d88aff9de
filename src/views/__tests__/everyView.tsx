import type { TranslationBundle } from '@jupyterlab/translation';
import { fireEvent, render } from '@testing-library/react';
import * as React from 'react';

import type {
  AllocationList,
  Check,
  Job,
  JobEvents,
  JobRow,
  RunDirectoryList,
  Submission,
  TaskCauses,
  TaskList,
  TaskPhases,
  TaskUsage
} from '../../model/contract';
import { textsOf } from '../../model/resubmission';
import { readExample } from '../../model/__tests__/examples';
import { CostCard } from '../compose/CostCard';
import { RunDirectories } from '../directories/RunDirectories';
import { JobCard } from '../job/JobCard';
import { JobPage } from '../job/JobPage';
import { ResubmitForm } from '../job/ResubmitForm';
import type { IResubmitState } from '../job/ResubmitForm';
import { WalltimeForm } from '../job/WalltimeForm';
import { AllocationsList } from '../jobs/AllocationsList';
import { FilterBar } from '../jobs/FilterBar';
import { JobsList } from '../jobs/JobsList';
import { PHASES } from './codes';
import { FORMS, OFFLINE, silentGateway } from './everyForm';
import {
  makeFiles,
  makeGateway,
  makeJob,
  makeLog,
  makeRecord,
  makeRow,
  makeSelection,
  makeSnapshot,
  makeTasks,
  NOW,
  spyActions,
  spySelecting
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

const TASKS = {
  ...makeTasks({ total: 312, error: OFFLINE }),
  overview: {
    runs: (readExample('TaskPhases.some') as TaskPhases).runs,
    causes: readExample('TaskCauses.some') as TaskCauses,
    usage: readExample('TaskUsage.some') as TaskUsage,
    error: OFFLINE
  },
  taskAt: () => (readExample('TaskList.failed') as TaskList).tasks[0],
  opened: 7
};

function drawPage(
  trans: TranslationBundle,
  job: Job,
  tab: string | null = null
): HTMLElement {
  const { container } = render(
    <JobPage
      row={job}
      job={job}
      error={OFFLINE}
      gateways={[makeGateway()]}
      now={NOW}
      actions={spyActions()}
      onRetry={jest.fn()}
      tasks={TASKS}
      record={makeRecord({ error: OFFLINE })}
      events={(readExample('JobEvents.some') as JobEvents).events}
      files={makeFiles({ offset: 50, isMore: true, error: OFFLINE })}
      log={{
        ...makeLog({
          stream: 'stderr',
          hasEarlier: true,
          hasLater: true,
          isFollowing: false,
          isCut: true,
          restarts: 1
        }),
        find: {
          query: 'x',
          match: { offset: 3, length: 1 },
          hasWrapped: true,
          searched: null,
          all: [3, 7],
          isLeast: true,
          error: null
        },
        task: job.array ? 7 : null
      }}
      trans={trans}
    />
  );
  const leaf = container.querySelector(`[data-tab="${tab}"]`);
  if (leaf) {
    fireEvent.click(leaf);
  }
  const table = container.querySelector('[role="radiogroup"] label + label');
  if (tab === 'tasks' && table) {
    fireEvent.click(table);
  }
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

function drawResubmit(
  trans: TranslationBundle,
  changes: Partial<IResubmitState> = {}
): HTMLElement {
  const row = makeRow({
    phase: 'ERROR',
    reason: 'memory',
    memory_peak_bytes: 2 ** 31
  });
  const { container } = render(
    <ResubmitForm
      state={{
        row,
        texts: textsOf(row),
        chosenCount: null,
        onlyFailed: null,
        formIssues: [],
        issues: [],
        error: null,
        isSubmitting: false,
        hasChanged: false,
        ...changes
      }}
      onChange={jest.fn()}
      onOnlyFailed={jest.fn()}
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
    job_id: rows[index].id,
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

function drawWalltime(
  trans: TranslationBundle,
  rows: readonly JobRow[],
  isWrong: boolean
): HTMLElement {
  return render(
    <WalltimeForm
      rows={rows}
      text={isWrong ? 'soon' : '2h'}
      isWrong={isWrong}
      onChange={jest.fn()}
      trans={trans}
    />
  ).container;
}

/** Limits with and without a use, and one gateway that does not answer. */
function drawCosts(trans: TranslationBundle): HTMLElement {
  const list = readExample('AllocationList.some') as AllocationList;
  const [one] = list.allocations;
  const charge = readExample('Check.warning') as Check;
  const allocations = [
    one,
    { ...one, user: 'root', used: null },
    { ...one, granted: null }
  ];
  return render(
    <>
      <CostCard charge={charge} isChecking={false} trans={trans} />
      <AllocationsList
        gateways={[
          {
            id: 'a',
            title: 'Slurm',
            list: { ...list, allocations },
            error: null
          },
          { id: 'b', title: 'Slurm', list: null, error: OFFLINE }
        ]}
        onRefresh={jest.fn()}
        trans={trans}
      />
    </>
  ).container;
}

const ARRAY = readExample('JobRow.array') as JobRow;

function makeArray(): Job {
  const { spec } = readExample('Submission.array-of-indices') as Submission;
  return makeJob({
    array: ARRAY.array,
    spec: { ...makeJob().spec, ...spec }
  });
}

const WITH_ISSUES: Partial<IResubmitState> = {
  issues: [
    {
      field: 'spec.resources.memory_bytes',
      severity: 'warning',
      code: 'over_machine',
      message: '',
      limit: 2 ** 30
    },
    {
      field: 'spec.task.path',
      severity: 'warning',
      code: 'source_changed',
      message: '',
      limit: null
    }
  ]
};

function drawDirectories(trans: TranslationBundle): HTMLElement {
  const { rows } = readExample('RunDirectoryList.some') as RunDirectoryList;
  return render(
    <RunDirectories
      directories={{
        rows,
        cursor: 'x',
        chosen: new Set([rows[1].job_id]),
        refused: [],
        isBusy: false,
        error: OFFLINE
      }}
      selected={[rows[1]]}
      now={NOW}
      onChoose={jest.fn()}
      onRemove={jest.fn()}
      onMore={jest.fn()}
      onReload={jest.fn()}
      onOpenJob={jest.fn()}
      trans={trans}
    />
  ).container;
}

/** Every view, in the states in which it says most. */
export const VIEWS: [string, (trans: TranslationBundle) => HTMLElement][] = [
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
  ...FORMS,
  ['the page of a failed job', trans => drawPage(trans, makeJob())],
  ['the record of a job', trans => drawPage(trans, makeJob(), 'record')],
  ['the files of a job', trans => drawPage(trans, makeJob(), 'files')],
  [
    'the page of a running job',
    trans => drawPage(trans, readExample('Job.running-command') as Job)
  ],
  [
    'a list of arrays',
    trans =>
      drawList(
        trans,
        {},
        PHASES.map((phase, index) =>
          makeRow({ array: ARRAY.array, phase }, index + 1)
        )
      )
  ],
  ['the page of an array', trans => drawPage(trans, makeArray())],
  ['the tasks of an array', trans => drawPage(trans, makeArray(), 'tasks')],
  ['a list with a selection', drawSelection],
  ['the dialog that resubmits', trans => drawResubmit(trans)],
  [
    'the dialog that resubmits, with problems',
    trans =>
      drawResubmit(trans, {
        ...WITH_ISSUES,
        formIssues: [{ field: 'spec.resources.cores', code: 'not_a_number' }]
      })
  ],
  [
    'the dialog that resubmits an array',
    trans =>
      drawResubmit(trans, {
        row: makeRow({ array: ARRAY.array, phase: 'ERROR' }),
        onlyFailed: true
      })
  ],
  [
    'the dialog that resubmits without the server',
    trans => drawResubmit(trans, { error: OFFLINE })
  ],
  [
    'the dialog whose job goes on after all',
    trans => drawResubmit(trans, { hasChanged: true })
  ],
  [
    'the dialog that changes a time limit',
    trans => drawWalltime(trans, [makeRow()], true)
  ],
  [
    'the dialog that changes many time limits',
    trans =>
      drawWalltime(
        trans,
        [makeRow(), makeRow({ walltime_seconds: 60 }, 2)],
        false
      )
  ],
  ['what a job costs and what is left', drawCosts],
  ['run directories', drawDirectories],
  ['a card', trans => drawCard(trans, false)],
  ['a card of another time', trans => drawCard(trans, true)]
];
