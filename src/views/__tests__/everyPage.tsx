import type { TranslationBundle } from '@jupyterlab/translation';
import { fireEvent, render } from '@testing-library/react';
import * as React from 'react';

import type {
  Job,
  JobEvents,
  Submission,
  TaskCauses,
  TaskList,
  TaskPhases,
  TaskUsage
} from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { JobCard } from '../job/JobCard';
import { JobPage } from '../job/JobPage';
import { OFFLINE } from './everyForm';
import {
  makeFiles,
  makeGateway,
  makeJob,
  makeLog,
  makeRecord,
  makeRow,
  makeTasks,
  NOW,
  spyActions,
  TASK_COUNTS
} from './fixtures';

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
      staleSince={NOW - 9e5}
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
      staleSince={NOW - 9e5}
      actions={spyActions()}
      isOld={isOld}
      error={null}
      trans={trans}
    />
  );
  return container;
}

function makeArray(): Job {
  const { spec } = readExample('Submission.array-of-indices') as Submission;
  return makeJob({
    array: TASK_COUNTS,
    spec: { ...makeJob().spec, ...spec }
  });
}

/** Every tab of a job’s page, and every card, in which they say most. */
export const PAGES: [string, (trans: TranslationBundle) => HTMLElement][] = [
  ['the page of a failed job', trans => drawPage(trans, makeJob())],
  ['the record of a job', trans => drawPage(trans, makeJob(), 'record')],
  ['the files of a job', trans => drawPage(trans, makeJob(), 'files')],
  [
    'the page of a running job',
    trans => drawPage(trans, readExample('Job.running-command') as Job)
  ],
  ['the page of an array', trans => drawPage(trans, makeArray())],
  ['the tasks of an array', trans => drawPage(trans, makeArray(), 'tasks')],
  ['a card', trans => drawCard(trans, false)],
  ['a card of another time', trans => drawCard(trans, true)]
];
