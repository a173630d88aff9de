import type { TranslationBundle } from '@jupyterlab/translation';

import {
  CLUSTER_GROUPS,
  groupOf,
  isSilent,
  needsYou,
  stateOf
} from '../../model/cluster';
import type { ClusterGroup, ClusterState } from '../../model/cluster';
import type { Cluster } from '../../model/contract';
import { isFinal } from '../../model/phase';
import { formatMemory } from '../../model/quantity';
import { SEPARATOR } from '../jobs/rowText';
import type { ISecondLine } from '../jobs/rowText';
import { clusterAgeText, warningTexts } from './clusterPageText';
import { clusterReasonText } from './clusterReasonText';
import { bytesText, isolated } from './quantityText';
import {
  countText,
  durationText,
  exactTimeText,
  momentText,
  secondsBetween
} from './timeText';

/** What the second line of a cluster is made from, besides the cluster. */
export interface IClusterContext {
  /** The title of its gateway; null where all clusters share one. */
  gatewayTitle: string | null;
  /** Milliseconds since the epoch. */
  now: number;
  trans: TranslationBundle;
}

/** The heading of a group of clusters. */
export function clusterGroupText(
  group: ClusterGroup,
  trans: TranslationBundle
): string {
  switch (group) {
    case 'needs_you':
      return trans.__('Needs you');
    case 'running':
      return trans.__('Running');
    case 'stopped':
      return trans.__('Stopped');
  }
}

/** The word for what a cluster does. */
export function clusterStateText(
  cluster: Pick<Cluster, 'phase' | 'substate' | 'idle_since'>,
  trans: TranslationBundle
): string {
  const state: ClusterState = stateOf(cluster);
  switch (state) {
    case 'waiting':
      return trans.__('Waiting');
    case 'starting':
      return trans.__('Starting');
    case 'running':
      return trans.__('Running');
    case 'idle':
      return trans.__('Idle');
    case 'stopping':
      return trans.__('Stopping');
    case 'stopped':
      return trans.__('Stopped');
    case 'failed':
      return trans.__('Failed');
    case 'unknown':
      return trans.__('Unknown');
  }
}

/** How many workers there are of those that are wanted; where there are none to be, what it does. */
export function clusterHead(
  cluster: Cluster,
  trans: TranslationBundle
): string {
  const { ready, wanted } = cluster.workers;
  return isFinal(cluster.phase) || cluster.phase === 'QUEUED' || ready === null
    ? clusterStateText(cluster, trans)
    : workersText(ready, wanted, trans);
}

function workersText(
  ready: number | null,
  wanted: number | null,
  trans: TranslationBundle
): string {
  const known = ready === null ? '–' : countText(ready);
  return wanted === null
    ? trans._n('%2 worker', '%2 workers', ready ?? 0, known)
    : trans._n(
        '%2 of %3 worker',
        '%2 of %3 workers',
        wanted,
        known,
        countText(wanted)
      );
}

/** Memory used of all there is: `20 of 32 GB`; empty where that is not known. */
export function memoryText(cluster: Cluster, trans: TranslationBundle): string {
  const { memory_bytes: total, memory_used_bytes: used } = cluster;
  if (used === null) {
    return '';
  }
  if (!total) {
    // What there is is not told: a dash, as for all that is not known.
    return trans.__('%1 of –', bytesText(used));
  }
  const [usedText, totalText] = [formatMemory(used), formatMemory(total)];
  const [amount, unit] = usedText.split(' ');
  return trans.__(
    '%1 of %2',
    totalText.endsWith(` ${unit}`) ? amount : isolated(usedText),
    isolated(totalText)
  );
}

/** Say what presses first, and the gateway last. */
export function clusterLine(
  cluster: Cluster,
  context: IClusterContext
): ISecondLine {
  const { now, trans, gatewayTitle } = context;
  const age = clusterAgeText(cluster, now, trans);
  const facts = factsOf(cluster, now, trans);
  const told = [...warningTexts(cluster, trans), ...facts];
  const parts = isSilent(cluster, now) ? [age, ...told] : [...told, age];
  const said = [...parts, gatewayTitle ?? ''].filter(Boolean);
  return {
    text: said.map(withoutStop).join(SEPARATOR),
    pressing:
      needsYou(cluster, now) && !isFinal(cluster.phase)
        ? withoutStop(said[0] ?? '')
        : ''
  };
}

/** A sentence among facts loses its full stop. */
function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}

/** What it does, with how much, or why it does not. */
function factsOf(
  cluster: Cluster,
  now: number,
  trans: TranslationBundle
): readonly string[] {
  switch (stateOf(cluster)) {
    case 'waiting':
    case 'unknown':
      return [
        candidatesText(cluster, trans),
        clusterReasonText(cluster, trans)
      ];
    case 'starting':
    case 'stopping':
      return [clusterStateText(cluster, trans)];
    case 'running':
      return figuresOf(cluster, trans);
    case 'idle':
      return [...idleParts(cluster, now, trans), ...figuresOf(cluster, trans)];
    case 'stopped':
    case 'failed':
      return [
        cluster.ended_at === null ? '' : momentText(cluster.ended_at, now),
        clusterReasonText(cluster, trans)
      ];
  }
}

/** How many clusters it may be; its user must say which. */
function candidatesText(
  { candidates }: Cluster,
  trans: TranslationBundle
): string {
  if (candidates === null) {
    return '';
  }
  return candidates.length === 0
    ? trans.__('No cluster there may be it')
    : trans._n(
        '%2 cluster there may be it: say which',
        '%2 clusters there may be it: say which',
        candidates.length,
        countText(candidates.length)
      );
}

function figuresOf(
  cluster: Cluster,
  trans: TranslationBundle
): readonly string[] {
  const { tasks, workers } = cluster;
  return [
    cluster.is_found ? trans.__('not started here') : '',
    memoryText(cluster, trans),
    tasks && tasks.total > 0 ? tasksText(tasks, trans) : '',
    workers.minimum === null || workers.maximum === null
      ? ''
      : trans.__(
          'adapts from %1 to %2',
          countText(workers.minimum),
          countText(workers.maximum)
        ),
    workers.note ?? ''
  ];
}

function tasksText(
  { total, erred }: NonNullable<Cluster['tasks']>,
  trans: TranslationBundle
): string {
  const all = trans._n('%2 task', '%2 tasks', total, countText(total));
  return erred > 0 ? trans.__('%1, %2 failed', all, countText(erred)) : all;
}

/** Since when it has nothing to do, and when it stops for that. */
export function idleParts(
  cluster: Cluster,
  now: number,
  trans: TranslationBundle
): readonly string[] {
  const idle = secondsBetween(cluster.idle_since, now) ?? 0;
  const { idle_stop_at } = cluster;
  return [
    trans.__('Idle %1', durationText(idle)),
    idle_stop_at === null
      ? ''
      : trans.__(
          'stops in %1',
          durationText(Math.max(0, (Date.parse(idle_stop_at) - now) / 1000))
        )
  ];
}

/** The exact times behind the second line. */
export function clusterTitle(
  cluster: Cluster,
  text: string,
  trans: TranslationBundle
): string {
  const { started_at, ended_at, idle_stop_at, ends_at } = cluster;
  return [
    text,
    started_at && trans.__('Started %1', exactTimeText(started_at)),
    idle_stop_at &&
      trans.__('Stops %1 unless work comes', exactTimeText(idle_stop_at)),
    ends_at && trans.__('Ends %1 whatever it does', exactTimeText(ends_at)),
    ended_at && trans.__('Ended %1', exactTimeText(ended_at))
  ]
    .filter(Boolean)
    .join('\n');
}

/** The counts of all groups in one sentence, for those who do not see the list. */
export function clusterCountsText(
  clusters: readonly Cluster[],
  now: number,
  trans: TranslationBundle
): string {
  const [needing, running, stopped] = CLUSTER_GROUPS.map(group =>
    countText(
      clusters.filter(cluster => groupOf(cluster, now) === group).length
    )
  );
  return trans.__(
    'Clusters: %1 need you, %2 running, %3 stopped',
    needing,
    running,
    stopped
  );
}

/** How many workers a cluster has, and is to have, before that is changed. */
export function presentWorkersText(
  { workers }: Cluster,
  trans: TranslationBundle
): string {
  const { ready, wanted, minimum, maximum } = workers;
  const now = workersText(ready, wanted, trans);
  return minimum === null || maximum === null
    ? trans.__('Now: %1.', now)
    : trans.__(
        'Now: %1; it adapts from %2 to %3.',
        now,
        countText(minimum),
        countText(maximum)
      );
}
