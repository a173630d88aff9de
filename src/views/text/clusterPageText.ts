import type { TranslationBundle } from '@jupyterlab/translation';

import { isSilent, isWarned } from '../../model/cluster';
import type {
  Cluster,
  ClusterOffer,
  ClusterTaskGroup,
  ClusterWarning,
  ClusterWorker
} from '../../model/contract';
import type { WorkerColumn } from '../../model/clusterWorkers';
import { isFinal } from '../../model/phase';
import type { ClusterNews } from '../../stores/clusterNews';
import type { IQuestion } from './actionText';
import { clusterReasonText } from './clusterReasonText';
import { ageText, countText, durationText, momentText } from './timeText';

/** How old is what is known of a cluster; empty where it is of now, or for good. */
export function clusterAgeText(
  { phase, stale_since }: Cluster,
  now: number,
  trans: TranslationBundle
): string {
  return stale_since === null || isFinal(phase)
    ? ''
    : ageText(Date.parse(stale_since), now, trans);
}

/** Why nothing is heard of a cluster, and what to do; null while that is worth no word. */
export function silenceText(
  cluster: Cluster,
  offer: ClusterOffer | null,
  now: number,
  trans: TranslationBundle
): string | null {
  const { phase, stale_since } = cluster;
  if (stale_since === null || isFinal(phase)) {
    return null;
  }
  const since = momentText(stale_since, now);
  if (offer?.unavailable) {
    return trans.__(
      '%1 What you see is of %2. Nothing was done to the cluster, and this page goes on by itself.',
      offer.unavailable,
      since
    );
  }
  return isSilent(cluster, now)
    ? trans.__(
        'Its scheduler has not been heard of since %1; what you see is of then. It may be gone: stop it and start another if this lasts.',
        since
      )
    : null;
}

/** What its user should know of a cluster that runs, and what to do. */
export function warningText(
  warning: ClusterWarning,
  trans: TranslationBundle
): string {
  const workers = warning.workers ?? 0;
  const known = knownText(warning.workers);
  switch (warning.code) {
    case 'memory':
      return trans._n(
        '%2 worker has used most of its memory. Dask pauses it, and ends it if it goes on. Use smaller partitions, or give workers more memory.',
        '%2 workers have used most of their memory. Dask pauses them, and ends those that go on. Use smaller partitions, or give workers more memory.',
        workers,
        known
      );
    case 'workers_killed':
      return trans._n(
        '%2 worker ended within minutes without being told to, most often for want of memory; its work begins again each time. The log says more.',
        '%2 workers ended within minutes without being told to, most often for want of memory; their work begins again each time. The log says more.',
        workers,
        known
      );
    case 'versions':
      return trans.__(
        'A notebook that is connected has other versions than the cluster, and work may fail: %1. Use the same Python on both sides.',
        warning.packages.map(one => versionText(one, trans)).join(', ')
      );
  }
}

function versionText(
  { name, cluster, client }: ClusterWarning['packages'][number],
  trans: TranslationBundle
): string {
  return trans.__(
    '%1 %2 in the notebook and %3 on the cluster',
    name,
    client ?? '–',
    cluster ?? '–'
  );
}

function knownText(count: number | null): string {
  return count === null ? '–' : countText(count);
}

/** All of that in few words, for a row; nothing once it runs no more. */
export function warningTexts(
  cluster: Cluster,
  trans: TranslationBundle
): readonly string[] {
  return isWarned(cluster)
    ? cluster.warnings.map(warning => shortWarningText(warning, trans))
    : [];
}

function shortWarningText(
  { code, workers }: ClusterWarning,
  trans: TranslationBundle
): string {
  const count = workers ?? 0;
  const known = knownText(workers);
  switch (code) {
    case 'memory':
      return trans._n(
        'memory of %2 worker almost full',
        'memory of %2 workers almost full',
        count,
        known
      );
    case 'workers_killed':
      return trans._n(
        '%2 worker killed in a row',
        '%2 workers killed in a row',
        count,
        known
      );
    case 'versions':
      return trans.__('versions differ from those of a notebook');
  }
}

/** The word for what a worker does. */
export function workerStateText(
  state: ClusterWorker['state'],
  trans: TranslationBundle
): string {
  switch (state) {
    case 'starting':
      return trans.__('Starting');
    case 'running':
      return trans.__('Running');
    case 'paused':
      return trans.__('Paused');
    case 'closing':
      return trans.__('Ending');
  }
}

/** The heading of a column of workers. */
export function workerColumnText(
  column: WorkerColumn,
  trans: TranslationBundle
): string {
  switch (column) {
    case 'name':
      return trans.__('Worker');
    case 'state':
      return trans.__('State');
    case 'memory':
      return trans.__('Memory');
    case 'spilled':
      return trans.__('On disk');
    case 'cpu':
      return trans.__('CPU');
    case 'tasks':
      return trans.__('Tasks');
    case 'results':
      return trans.__('Results');
    case 'seen':
      return trans.__('Last seen');
  }
}

/** Ask whether a worker is to end; what becomes of the cluster stands before the answer. */
export function retireQuestion(
  { name, workers }: Cluster,
  worker: string,
  trans: TranslationBundle
): IQuestion {
  return {
    title: trans.__('Retire worker %1 of %2?', worker, name),
    body: [
      trans.__(
        'It hands its results to the other workers and ends; what it computes now is begun again by another.'
      ),
      restText(workers, trans)
    ]
      .filter(Boolean)
      .join(' '),
    keep: trans.__('Keep Worker'),
    act: trans.__('Retire Worker')
  };
}

/** How many workers there are once one was retired; empty where that is not known. */
function restText(
  { adaptive, wanted }: Cluster['workers'],
  trans: TranslationBundle
): string {
  if (adaptive) {
    return trans.__('Where there is work the cluster may start another one.');
  }
  if (wanted === null) {
    return '';
  }
  const rest = Math.max(0, wanted - 1);
  return trans._n(
    'The cluster has %2 worker from then on.',
    'The cluster has %2 workers from then on.',
    rest,
    countText(rest)
  );
}

/** That a worker did not end, and why. */
export function notRetiredText(
  worker: string,
  message: string | null,
  trans: TranslationBundle
): string {
  return trans.__(
    'Worker %1 was not retired. %2',
    worker,
    message ?? trans.__('The gateway gave no reason.')
  );
}

/** How far a group of tasks is. */
export function groupText(
  { done, total, processing, erred }: ClusterTaskGroup,
  trans: TranslationBundle
): string {
  return [
    trans.__('%1 of %2 done', countText(done), countText(total)),
    processing > 0 ? trans.__('%1 in work', countText(processing)) : '',
    erred > 0 ? trans.__('%1 failed', countText(erred)) : ''
  ]
    .filter(Boolean)
    .join(', ');
}

/** What became of a cluster, for somebody who looks elsewhere. */
export function clusterNewsText(
  news: ClusterNews,
  now: number,
  trans: TranslationBundle
): string {
  const { cluster } = news;
  const { name, stale_since, idle_stop_at } = cluster;
  switch (news.kind) {
    case 'warning':
      return trans.__('%1: %2', name, warningText(news.warning, trans));
    case 'silent':
      return trans.__(
        'The scheduler of %1 has not been heard of since %2. It may be gone, or its gateway silent: look at it, and start another if this lasts.',
        name,
        stale_since === null ? '–' : momentText(stale_since, now)
      );
    case 'stops_soon':
      return trans.__(
        '%1 has no work and stops in %2. All results that are only in its memory are lost then.',
        name,
        durationText(secondsTo(idle_stop_at, now) ?? 0)
      );
    case 'stopped':
    case 'failed':
      return trans.__('%1: %2', name, clusterReasonText(cluster, trans));
  }
}

function secondsTo(time: string | null, now: number): number | null {
  return time === null ? null : Math.max(0, (Date.parse(time) - now) / 1000);
}
