import { screen } from '@testing-library/react';

import type { Cluster, ClusterWorker } from '../../model/contract';
import { retireQuestion } from '../text/clusterPageText';
import {
  drawClusterCard,
  drawClusterPage,
  drawScaleForm,
  makeCluster,
  setUpClusters,
  WORKERS
} from './clusterHarness';
import { fixLocale, trans } from './fixtures';
import { giveSizes } from './tableHarness';

fixLocale();
giveSizes();

/** What no person should read, and what is only said of what is known. */
const INVENTED =
  /null|undefined|NaN|Invalid|1970|\b0\b|almost full|idle|stops/i;
const PHASES = ['PENDING', 'QUEUED', 'EXECUTING', 'ERROR', 'UNKNOWN'] as const;

const NO_WORKERS: Cluster['workers'] = {
  ready: null,
  wanted: null,
  adaptive: false,
  minimum: null,
  maximum: null,
  note: null
};

/** A cluster with all null that may be. */
function unknown(phase: Cluster['phase'] = 'EXECUTING', number = 1): Cluster {
  const cluster = makeCluster({}, number);
  return {
    ...cluster,
    name: 'dask',
    phase,
    spec: { ...cluster.spec, options: {} },
    native_id: null,
    substate: null,
    reason: null,
    reason_text: null,
    workers: NO_WORKERS,
    cores: null,
    memory_bytes: null,
    memory_used_bytes: null,
    tasks: null,
    started_at: null,
    ended_at: null,
    ends_at: null,
    idle_since: null,
    idle_stop_at: null,
    idle_stop_seconds: null,
    stale_since: null,
    candidates: null
  };
}

it('a row says nothing that is not known', () => {
  setUpClusters(PHASES.map((phase, number) => unknown(phase, number + 1)));
  const grid = screen.getByRole('grid', { name: 'Dask clusters' });
  expect(grid).toHaveTextContent(/Running/);
  expect(grid.textContent).not.toMatch(INVENTED);
});

it.each(PHASES)('the card of a cluster that is %s says no more', phase => {
  const card = drawClusterCard(unknown(phase));
  expect(card).toHaveTextContent(/^dask/);
  expect(card.textContent).not.toMatch(INVENTED);
});

it('on the page each fact is a dash', () => {
  const cluster = unknown();
  const { container } = drawClusterPage({
    cluster: { ...cluster, spec: { ...cluster.spec, working_directory: null } },
    offer: null,
    details: { workers: null, progress: null, error: null }
  });
  const told = screen
    .getAllByRole('term')
    .filter(term => term.nextElementSibling?.textContent !== '–')
    .map(term => term.textContent);
  expect(told).toEqual(['Asked for', 'Gateway']);
  expect(screen.queryByRole('progressbar')).toBeNull();
  expect(screen.queryByRole('note')).toBeNull();
  expect(container).toHaveTextContent(/Workers ready–Workers wanted–/);
});

it('a worker of which nothing is told has dashes, and nothing is drawn of it', () => {
  const worker: ClusterWorker = {
    address: 'tls://1',
    name: 'one',
    state: 'running',
    cores: null,
    cpu_percent: null,
    memory_bytes: null,
    memory_used_bytes: null,
    spilled_bytes: null,
    tasks_processing: null,
    tasks_in_memory: null,
    last_seen_at: null
  };
  drawClusterPage({
    details: {
      workers: { ...WORKERS, workers: [worker] },
      progress: null,
      error: null
    }
  });
  const row = screen.getByRole('row', { name: /^one/ });
  expect(row).toHaveTextContent(/^oneRunning––––––Retire…$/);
  expect(row.querySelector('.jp-BatchJobs-bar')).toBeNull();
});

it('a warning whose workers are not told counts none', () => {
  const warnings = (['memory', 'workers_killed'] as const).map(code => ({
    code,
    since: null,
    workers: null,
    packages: []
  }));
  drawClusterPage({ cluster: { ...unknown(), warnings } });
  const [full, killed] = screen.getAllByRole('note');
  expect(full).toHaveTextContent(/^– workers have used most/);
  expect(killed).toHaveTextContent(/^– workers ended within minutes/);
});

it('nothing is said of how many there are, or will be', () => {
  const cluster = unknown();
  expect(drawScaleForm({ cluster }).querySelector('p')).toHaveTextContent(
    'Now: – workers.'
  );
  expect(retireQuestion(cluster, 'one', trans).body).not.toMatch(/\d/);
});
