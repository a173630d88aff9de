import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import { BatchError } from '../../api/errors';
import type { Job, JobEvents, JobRow, Submission } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { JobPage } from '../job/JobPage';
import type { IJobPageProps } from '../job/JobPage';
import {
  fixLocale,
  makeFiles,
  makeGateway,
  makeJob,
  makeLog,
  makeRecord,
  makeTasks,
  makeRow,
  NOW,
  spyActions,
  trans,
  UNMEASURED
} from './fixtures';

fixLocale();

const EVENTS = (readExample('JobEvents.some') as JobEvents).events;

function setUp(
  row: JobRow | null,
  job: Job | null,
  changes: Partial<IJobPageProps> = {}
) {
  const actions = spyActions();
  const onRetry = jest.fn();
  render(
    <JobPage
      row={row}
      job={job}
      error={null}
      gateways={[makeGateway()]}
      now={NOW}
      staleSince={null}
      actions={actions}
      onRetry={onRetry}
      tasks={makeTasks()}
      events={EVENTS}
      files={makeFiles()}
      record={makeRecord()}
      log={makeLog({ size: null })}
      trans={trans}
      {...changes}
    />
  );
  return { actions, onRetry, user: userEvent.setup() };
}

/** What stands behind the name of a fact. */
function fact(name: string): string {
  const term = screen
    .getAllByRole('term')
    .find(node => node.textContent === name);
  return term?.nextElementSibling?.textContent ?? 'no such fact';
}

it('the facts of an array say which tasks, with what and after which job', () => {
  const { spec } = readExample('Submission.array-of-indices') as Submission;
  const job = makeJob({ spec });
  setUp(job, job);
  expect(fact('Tasks')).toBe('100 (0..990:10), at most 10 at once');
  expect(fact('GPUs')).toBe('1');
  expect(fact('After job 01jdb6m2x4e8kq9v7w3z5r1t0c')).toBe(
    'is over, however it ended'
  );
});

it('the facts say where a log is that is wanted elsewhere, and nothing of others', () => {
  const job = makeJob();
  const files = { ...job.spec.files, stdout_path: 'a.log' };
  setUp(job, { ...job, spec: { ...job.spec, files } });
  expect(fact('Output log')).toBe(job.log_paths.stdout);
  expect(fact('Error log')).toBe('no such fact');
});

describe('the head', () => {
  it.each([
    ['QUEUED', 'Hold', 'hold'],
    ['HELD', 'Release', 'release']
  ] as const)('of a %s job offers %s', async (phase, name, verb) => {
    const row = makeRow({ phase, gateway_id: 'slurm' });
    const { user, actions } = setUp(row, null);
    const other = name === 'Hold' ? 'Release' : 'Hold';
    expect(screen.queryByRole('button', { name: other })).toBeNull();
    await user.click(screen.getByRole('button', { name }));
    expect(actions[verb]).toHaveBeenCalledWith(row);
  });

  it.each(['QUEUED', 'HELD'] as const)(
    'of a %s job offers neither where its gateway cannot',
    phase => {
      const gateway = makeGateway();
      const capabilities = { ...gateway.capabilities, hold: false };
      setUp(makeRow({ phase, gateway_id: gateway.id }), null, {
        gateways: [{ ...gateway, capabilities }]
      });
      expect(screen.queryByRole('button', { name: /Hold|Release/ })).toBeNull();
    }
  );

  it('says how far a running job is, and what can be done', async () => {
    const row = makeRow();
    const { user, actions } = setUp(row, null);
    expect(screen.getByRole('heading', { name: 'job 1' })).toBeVisible();
    expect(
      screen.getByText('Running · cell 7 of 18 · 30 min of 1 h')
    ).toBeVisible();
    expect(
      screen.getByRole('progressbar', { name: 'cell 7 of 18' })
    ).toHaveAttribute('aria-valuenow', '39');
    for (const [name, action] of [
      ['Open output', actions.openOutput],
      ['Show run directory', actions.showRunDirectory],
      ['Cancel…', actions.cancel]
    ] as const) {
      await user.click(screen.getByRole('button', { name }));
      expect(action).toHaveBeenCalledWith(row);
    }
  });

  it('says why a job failed, and offers no cancelling', () => {
    const job = makeJob();
    setUp(job, job, { events: [] });
    expect(screen.getByText(/^Used 2\.0 of 2 GB|^Out of memory/)).toBeVisible();
    expect(screen.queryByRole('progressbar')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Cancel…' })).toBeNull();
  });

  it('shows no bar for what has no end', () => {
    setUp(makeRow({ progress: { done: 7, total: null, text: '' } }), null);
    expect(screen.queryByRole('progressbar')).toBeNull();
    expect(screen.getByText(/^Running · 7 done/)).toBeVisible();
  });

  it('shows no more than all', () => {
    setUp(makeRow({ progress: { done: 20, total: 18, text: '' } }), null);
    expect(screen.getByRole('progressbar')).toHaveAttribute(
      'aria-valuenow',
      '100'
    );
  });
});

describe('the timeline', () => {
  it('says how long the job waited and ran, and its limit', () => {
    const job = makeJob();
    setUp(job, job);
    expect(screen.getByText(/· limit/)).toHaveTextContent(
      'Queued 3 s · Running 30 min · limit 1 h'
    );
    const table = screen.getByRole('table', { name: 'What happened' });
    expect(table).toHaveTextContent('22 Nov 2026, 22:15:09 UTCRunning1–');
    expect(table).toHaveTextContent(/Failed1.*memory/i);
  });

  it('is not drawn for an array, nor before something is known', () => {
    const { array } = readExample('JobRow.array') as JobRow;
    setUp(makeRow({ array }), null);
    expect(screen.queryByText(/· limit/)).toBeNull();
  });

  it('draws nothing of no events', () => {
    const job = makeJob();
    setUp(job, job, { events: [] });
    expect(screen.queryByText(/· limit/)).toBeNull();
    expect(screen.queryByRole('table', { name: 'What happened' })).toBeNull();
  });
});

describe('the facts', () => {
  it('are those of the job', () => {
    const job = makeJob();
    setUp(job, job);
    expect(fact('Started')).toMatch(/22 Nov 2026, 22:15:09 UTC/);
    expect(fact('Queued for')).toBe('4 s');
    expect(fact('Notebook')).toBe('examples/lens-time-delay.ipynb');
    expect(fact('Gateway')).toBe('Slurm');
    expect(fact('State there')).toBe('OUT_OF_MEMORY');
    expect(fact('Its id there')).toBe('4711');
  });

  it('say where nothing of what it used is measured', () => {
    const gateway = makeGateway();
    const capabilities = { ...gateway.capabilities, usage: false };
    const job = makeJob({
      memory_peak_bytes: null,
      usage: { ...UNMEASURED, elapsed_seconds: 5 }
    });
    setUp(job, job, { gateways: [{ ...gateway, capabilities }] });
    expect(fact('What it used')).toBe(
      'CPU time and memory are not measured there'
    );
  });

  it('are a dash where nothing is known, never 0 and no advice', () => {
    const job = makeJob({
      native_id: null,
      reason: null,
      reason_text: null,
      submitted_at: null,
      started_at: null,
      ended_at: null,
      queue: null,
      account: null,
      memory_peak_bytes: null,
      progress: null,
      native_state: null,
      exit_code: null,
      signal: null,
      usage: UNMEASURED,
      outputs: [],
      outputs_count: 0,
      run_contents_path: null,
      stale_since: null
    });
    setUp(job, job);
    for (const name of [
      'Submitted',
      'Started',
      'Ended',
      'Queued for',
      'Ran for',
      'Queue',
      'Account',
      'Its id there',
      'Exit code',
      'Signal',
      'State there'
    ]) {
      expect([name, fact(name)]).toEqual([name, '–']);
    }
    expect(fact('Memory')).toBe('2 GB');
    expect(fact('Cores')).toBe('2');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.queryByRole('heading', { name: 'Outputs' })).toBeNull();
    expect(document.body.textContent).not.toMatch(/null|undefined|NaN|Invalid/);
  });

  it('say an exit code of 0, which is known', () => {
    const job = makeJob({ exit_code: 0 });
    setUp(job, job);
    expect(fact('Exit code')).toBe('0');
  });

  it('write a command as a shell reads it', () => {
    const job = {
      ...makeJob(),
      ...(readExample('Job.running-command') as Job)
    };
    setUp(job, job);
    expect(fact('Command')).toBe("sh -c 'nproc; sleep 1'");
  });

  it('say since when a gateway is silent', () => {
    const job = makeJob({ stale_since: '2026-11-22T22:20:00Z' });
    setUp(job, job);
    expect(screen.getByRole('note')).toHaveTextContent(
      'Slurm has not answered since 22:20. The job goes on'
    );
  });
});

describe('what is not known', () => {
  it('is empty before the first answer', () => {
    setUp(null, null);
    expect(document.body).toHaveTextContent(/^$/);
  });

  it('is said, and asked again', async () => {
    const error = new BatchError('x', {
      status: 404,
      problem: {
        message: 'no',
        code: 'unknown_job',
        field: null,
        gateway_id: null,
        retry_after_seconds: null,
        detail: []
      }
    });
    const { user, onRetry } = setUp(null, null, { error });
    expect(screen.getByRole('alert')).toHaveTextContent(
      'There is no such job.'
    );
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    expect(onRetry).toHaveBeenCalledTimes(1);
  });
});
