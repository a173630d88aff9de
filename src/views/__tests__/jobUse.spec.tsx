import { render, screen } from '@testing-library/react';
import * as React from 'react';

import type { Job } from '../../model/contract';
import { JobUse } from '../job/JobUse';
import { fixLocale, makeJob, NOW, trans, UNMEASURED } from './fixtures';

fixLocale();

const GIBIBYTE = 2 ** 30;

/** Draw what a job used that asked two cores, 8 GB and an hour. */
function draw(changes: Partial<Job>): HTMLElement {
  const job = makeJob({
    cores: 2,
    memory_bytes: 8 * GIBIBYTE,
    memory_peak_bytes: null,
    walltime_seconds: 3600,
    usage: UNMEASURED,
    ...changes
  });
  return render(<JobUse job={job} now={NOW} trans={trans} />).container;
}

it('says of a job that is over what it used of memory, cores and time', () => {
  const drawn = draw({
    phase: 'ERROR',
    usage: {
      elapsed_seconds: 1800,
      cpu_seconds: 3420,
      memory_peak_bytes: 9 * GIBIBYTE,
      is_partial: false
    }
  });
  expect(drawn).toHaveTextContent(
    /9 GB of 8 GB.*Cores in use1\.9 of 2Time30 min of 1 h$/
  );
  // More than all of it is no longer bar, but another colour.
  const [memory, cores] = drawn.querySelectorAll('.jp-BatchJobs-bar > div');
  expect(memory).toHaveClass('jp-mod-failed');
  expect(memory).toHaveStyle({ width: '100%' });
  expect(cores).not.toHaveClass('jp-mod-failed');
  expect(cores).toHaveStyle({ width: '95%' });
});

it('says how much it was at least where nobody measured for a while', () => {
  const usage = {
    elapsed_seconds: 1800,
    cpu_seconds: 900,
    memory_peak_bytes: GIBIBYTE,
    is_partial: true
  };
  expect(draw({ phase: 'COMPLETED', usage })).toHaveTextContent(
    /at least 1 GB of 8 GB.*at least 0\.5 of 2Time30 min of 1 h$/
  );
});

it('of one that runs it says the time, and a dash where nothing is measured', () => {
  const started_at = new Date(NOW - 600_000).toISOString();
  const drawn = draw({ phase: 'EXECUTING', started_at });
  expect(drawn).toHaveTextContent(/peak–Cores in use–Time10 min of 1 h$/);
  expect(drawn.querySelectorAll('.jp-BatchJobs-bar')).toHaveLength(1);
});

it('is not there while nothing is known', () => {
  draw({ phase: 'QUEUED', started_at: null });
  expect(screen.queryByRole('heading')).toBeNull();
});
