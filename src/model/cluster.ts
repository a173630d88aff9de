import type { Cluster } from './contract';
import { isFinal } from './phase';

/** What a cluster does, as a person sees it. */
export type ClusterState =
  | 'waiting'
  | 'starting'
  | 'running'
  | 'idle'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'unknown';

/** The groups of the list, in the order of what a person must do. */
export const CLUSTER_GROUPS = ['needs_you', 'running', 'stopped'] as const;

export type ClusterGroup = (typeof CLUSTER_GROUPS)[number];

/** Idle for longer than this a cluster is worth a look, whenever it would stop by itself. */
const IDLE_LONG_MS = 15 * 60_000;

/** Silent for longer than this a cluster is worth a look. */
export const SILENT_LONG_MS = 60_000;

/** What a cluster does. */
export function stateOf(
  cluster: Pick<Cluster, 'phase' | 'substate' | 'idle_since'>
): ClusterState {
  switch (cluster.phase) {
    case 'QUEUED':
      return 'waiting';
    case 'PENDING':
      return 'starting';
    case 'EXECUTING':
      return (
        cluster.substate ?? (cluster.idle_since === null ? 'running' : 'idle')
      );
    case 'COMPLETED':
    case 'ABORTED':
      return 'stopped';
    case 'ERROR':
      return 'failed';
    case 'UNKNOWN':
      return 'unknown';
  }
}

/** Tell whether somebody must do something: it failed, is silent, or holds the machine for nothing. */
export function needsYou(cluster: Cluster, now: number): boolean {
  const state = stateOf(cluster);
  return (
    state === 'unknown' ||
    state === 'failed' ||
    isSilent(cluster, now) ||
    isWarned(cluster) ||
    isIdleForLong(cluster, now)
  );
}

/** Tell whether nothing has been heard of it for a while, though it is to be there. */
export function isSilent(cluster: Cluster, now: number): boolean {
  const { phase, stale_since } = cluster;
  return (
    stale_since !== null &&
    !isFinal(phase) &&
    now - Date.parse(stale_since) > SILENT_LONG_MS
  );
}

/** Tell whether its user should know something of it while it runs. */
export function isWarned(cluster: Cluster): boolean {
  return canUse(cluster) && cluster.warnings.length > 0;
}

/** Idle for half of what it may be, or for a quarter of an hour. */
function isIdleForLong(cluster: Cluster, now: number): boolean {
  const { idle_since, idle_stop_at } = cluster;
  if (stateOf(cluster) !== 'idle' || idle_since === null) {
    return false;
  }
  const since = Date.parse(idle_since);
  const allowed =
    idle_stop_at === null ? Infinity : Date.parse(idle_stop_at) - since;
  return now - since >= Math.min(IDLE_LONG_MS, allowed / 2);
}

/** Tell in which group of the list a cluster belongs. */
export function groupOf(cluster: Cluster, now: number): ClusterGroup {
  if (needsYou(cluster, now)) {
    return 'needs_you';
  }
  return isFinal(cluster.phase) ? 'stopped' : 'running';
}

/** Tell whether a notebook can compute on it, and its workers can be made more or fewer. */
export function canUse(cluster: Cluster): boolean {
  const state = stateOf(cluster);
  return state === 'running' || state === 'idle';
}

/** Tell whether stopping makes sense: it is not over and not being stopped yet. */
export function canStop(cluster: Cluster): boolean {
  return !isFinal(cluster.phase) && cluster.substate !== 'stopping';
}

/** Tell whether only its user can say which cluster it is. */
export function canIdentify({ candidates }: Cluster): boolean {
  return candidates !== null;
}

/** Tell whether it can leave the list: it is over, or out of sight for good. */
export function canForget({ phase, native_id }: Cluster): boolean {
  return isFinal(phase) || (phase === 'UNKNOWN' && native_id !== null);
}

/** The part of the memory of all workers that is used, from 0 to 1; null where it is not known. */
export function memoryFraction(cluster: Cluster): number | null {
  const { memory_bytes: total, memory_used_bytes: used } = cluster;
  return isFinal(cluster.phase) || used === null || !total
    ? null
    : Math.min(1, used / total);
}
