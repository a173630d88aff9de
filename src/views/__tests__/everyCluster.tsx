import type { TranslationBundle } from '@jupyterlab/translation';

import type { Cluster } from '../../model/contract';
import type { IClustersListProps } from '../clusters/ClustersList';
import {
  drawClusterCard,
  drawClusterForm,
  drawClusterPage,
  drawScaleForm,
  makeCluster,
  moment,
  OFFERS,
  setUpClusters
} from './clusterHarness';
import { OFFLINE } from './everyForm';

const REASONS = [
  'priority',
  'answer_lost',
  'stopped_by_user',
  'idle',
  'closed',
  'launch_failed',
  'failed',
  'killed',
  'memory',
  'node',
  'lost',
  'other'
] as const;

/** Clusters in every state, of two gateways. */
function everyCluster(): Cluster[] {
  const ended_at = moment(-60_000);
  return [
    makeCluster({}, 1),
    makeCluster({ phase: 'PENDING' }, 2),
    makeCluster(
      { phase: 'QUEUED', reason_text: 'Waiting for 2 free cores.' },
      3
    ),
    makeCluster({ substate: 'stopping' }, 4),
    makeCluster(
      {
        idle_since: moment(-47 * 60_000),
        idle_stop_at: moment(13 * 60_000),
        stale_since: moment(-180_000),
        workers: {
          ready: 2,
          wanted: null,
          adaptive: true,
          minimum: 0,
          maximum: 4,
          note: null
        }
      },
      5
    ),
    makeCluster({ phase: 'UNKNOWN', reason: 'answer_lost' }, 6),
    ...REASONS.map((reason, index) =>
      makeCluster(
        { phase: 'ERROR', reason, reason_text: null, ended_at },
        index + 7
      )
    )
  ];
}

/** A page with every warning. */
function drawPage(trans: TranslationBundle): HTMLElement {
  const codes = ['memory', 'workers_killed', 'versions'] as const;
  const warnings = codes.map(code => ({
    code,
    since: moment(0),
    workers: 2,
    packages: [{ name: 'numpy', cluster: '2.1', client: null }]
  }));
  const cluster = makeCluster({
    warnings,
    idle_since: moment(-60_000),
    idle_stop_at: moment(60_000)
  });
  return drawClusterPage({ cluster }, trans).container;
}

function drawList(
  trans: TranslationBundle,
  clusters: readonly Cluster[],
  changes: Partial<IClustersListProps> = {}
): HTMLElement {
  return setUpClusters(clusters, { offers: OFFERS, trans, ...changes })
    .container;
}

/** Every state of what is seen of clusters in which it says most. */
export const CLUSTERS: [string, (trans: TranslationBundle) => HTMLElement][] = [
  ['a list of every cluster', trans => drawList(trans, everyCluster())],
  ['a list of no cluster', trans => drawList(trans, [])],
  [
    'a list of no cluster where none can be',
    trans => drawList(trans, [], { offers: [] })
  ],
  [
    'a list of clusters with everything amiss',
    trans => drawList(trans, [makeCluster()], { error: OFFLINE })
  ],
  [
    'the form for a cluster',
    trans =>
      drawClusterForm(
        {
          offer: OFFERS[1],
          formIssues: [{ field: 'spec.workers.count', code: 'not_a_number' }],
          error: OFFLINE
        },
        trans
      )
  ],
  [
    'the card of a cluster',
    trans => drawClusterCard(makeCluster(), { isOld: true, trans })
  ],
  [
    'the card of a cluster that failed',
    trans =>
      drawClusterCard(
        makeCluster({ phase: 'ERROR', reason: 'lost', reason_text: null }),
        { trans }
      )
  ],
  ['the page of a cluster', trans => drawPage(trans)],
  [
    'the page of a cluster that is gone',
    trans =>
      drawClusterPage({ cluster: null, isGone: true, error: OFFLINE }, trans)
        .container
  ],
  [
    'the page of a cluster of which little is told',
    trans =>
      drawClusterPage(
        {
          cluster: makeCluster({ stale_since: moment(-300_000) }),
          can: { workers: false, progress: false },
          details: { workers: null, progress: null, error: OFFLINE }
        },
        trans
      ).container
  ],
  ['the dialog that scales', trans => drawScaleForm({ error: OFFLINE }, trans)]
];
