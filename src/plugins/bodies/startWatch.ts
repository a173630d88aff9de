import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IRunningSessionManagers } from '@jupyterlab/running';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStatusBar } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { find } from '@lumino/algorithm';

import { IClusterClient } from '../../clusterTokens';
import type { JobRow } from '../../model/contract';
import { ClusterWatch } from '../../stores/clusterWatch';
import { LimitWatch } from '../../stores/limitWatch';
import type { ClusterNewsWatch } from '../../stores/clusterNews';
import { JobWatch } from '../../stores/watch';
import type { JobNews } from '../../stores/watch';
import { IBatchClient } from '../../tokens';
import {
  limitText,
  manyLimitsText,
  manyNewsText,
  newsText,
  taskLimitText
} from '../../views/text/newsText';
import { CommandIDs } from '../../widgets/jobCommands';
import { pageIdOf } from '../../widgets/pageId';
import { StatusItem } from '../../widgets/statusItem';
import { runningJobs } from './runningJobs';
import { CLUSTERS_TOLD } from './toldKeys';
import { tell } from './tell';

const SETTINGS_ID = 'jupyterlab-batch:jobs';

/** Between JupyterLab's own running sessions and the memory in use. */
const STATUS_RANK = 5;

/** More than so many notices at a time are one. */
const MOST_NOTICES = 3;

/** Of an array so many tasks that run are looked at. */
const MOST_TASKS = 500;

/** A limit is near when so much of the time is used, where no setting says otherwise. */
const USUAL_PERCENT = 90;

/** What the watch works with. */
export interface IWatchContext {
  app: JupyterFrontEnd;
  statusBar: IStatusBar | null;
  running: IRunningSessionManagers | null;
  settings: ISettingRegistry | null;
  trans: TranslationBundle;
}

/** Watch jobs from now on, and tell where somebody may look. */
export async function startWatch(
  context: IWatchContext
): Promise<{ watch: JobWatch; limits: LimitWatch; clusters: ClusterWatch }> {
  const { app, statusBar, running, settings, trans } = context;
  const kept = await settings?.load(SETTINGS_ID);
  const client = await app.resolveRequiredService(IBatchClient);
  const watch = new JobWatch({ client, memory: MEMORY });
  const clusters = new ClusterWatch(
    () => app.resolveRequiredService(IClusterClient),
    watch
  );
  const show = (): void => void app.commands.execute(CommandIDs.showJobs);
  statusBar?.registerStatusItem('jupyterlab-batch:status', {
    item: new StatusItem(watch, clusters, show, trans),
    align: 'left',
    rank: STATUS_RANK
  });
  running?.add(runningJobs({ app, client, watch, trans }));
  listClusters(context, clusters);
  watch.happened.connect((_, news) => {
    const wanted = wantedOf(kept);
    const told = news.filter(
      ({ kind, row }) =>
        !isLookedAt(row, app) &&
        (wanted === 'all' || (wanted === 'failures' && kind !== 'finished'))
    );
    tellAll(
      context,
      told.map(one => noticeOf(one, trans)),
      () => manyNewsText(told, trans)
    );
  });
  const limits = watchLimits(context, client, watch, kept ?? null);
  followClusters(context, watch, () => wantedOf(kept));
  await watch.refresh();
  return { watch, limits, clusters };
}

/** List Dask clusters among the running sessions, from when there is one. */
function listClusters(context: IWatchContext, clusters: ClusterWatch): void {
  const { app, running } = context;
  const add = async (): Promise<void> => {
    if (clusters.snapshot.clusters.length > 0) {
      clusters.changed.disconnect(add);
      const { runningClusters } = await import('./clusterActs');
      const client = await app.resolveRequiredService(IClusterClient);
      running?.add(runningClusters(context, client, clusters));
    }
  };
  if (running) {
    clusters.changed.connect(add);
  }
}

/** Tell what becomes of Dask clusters, of which nothing is loaded before there is one. */
function followClusters(
  { app, trans }: IWatchContext,
  watch: JobWatch,
  wanted: () => unknown
): void {
  let heard = 0;
  let news: Promise<ClusterNewsWatch> | null = null;
  const look = async (): Promise<void> => {
    const { watchClusters } = await import('./clusterActs');
    news ??= watchClusters(app, wanted, trans);
    await (await news).refresh();
  };
  watch.changed.connect((_, { clustersSeq }) => {
    if (clustersSeq > heard) {
      heard = clustersSeq;
      void look();
    }
  });
  if (localStorage.getItem(CLUSTERS_TOLD)) {
    void look();
  }
}

/** Tell of running jobs whose time limit is near. */
function watchLimits(
  context: IWatchContext,
  client: IBatchClient,
  watch: JobWatch,
  kept: ISettingRegistry.ISettings | null
): LimitWatch {
  const { trans } = context;
  const limits = new LimitWatch({
    jobs: watch,
    runningTasks: id =>
      client
        .listTasks(id, { phase: ['EXECUTING'], limit: MOST_TASKS })
        .then(({ tasks }) => tasks),
    memory: LIMIT_MEMORY
  });
  limits.near.connect((_, near) => {
    if (wantedOf(kept) !== 'none') {
      tellAll(
        context,
        near.map(({ row, tasks }) => ({
          row,
          tone: 'warning',
          text:
            tasks === null
              ? limitText(row, Date.now(), trans)
              : taskLimitText(row, tasks, trans)
        })),
        () => manyLimitsText(near.length, trans)
      );
    }
  });
  const set = (): void => {
    const percent = kept?.get('limitNotice').composite;
    limits.setPercent(typeof percent === 'number' ? percent : USUAL_PERCENT);
  };
  kept?.changed.connect(set);
  set();
  return limits;
}

function wantedOf(
  kept: ISettingRegistry.ISettings | null | undefined
): unknown {
  return kept?.get('notices').composite ?? 'all';
}

/** Tell whether the page of a job is in sight, which says itself what becomes of it. */
function isLookedAt({ id }: JobRow, { shell }: JupyterFrontEnd): boolean {
  const page = find(shell.widgets(), widget => widget.id === pageIdOf(id));
  return !document.hidden && page?.isVisible === true;
}

/** What is told of one job. */
interface INotice {
  row: JobRow;
  tone: 'success' | 'warning';
  text: string;
}

function noticeOf(news: JobNews, trans: TranslationBundle): INotice {
  return {
    row: news.row,
    tone: news.kind === 'finished' ? 'success' : 'warning',
    text: newsText(news, trans)
  };
}

/** Tell some things, each with the way to its job; many at a time as one. */
function tellAll(
  { app, trans }: IWatchContext,
  notices: readonly INotice[],
  manyText: () => string
): void {
  if (notices.length > MOST_NOTICES) {
    const isWarning = notices.some(({ tone }) => tone === 'warning');
    tell(isWarning ? 'warning' : 'success', manyText(), [
      {
        label: trans.__('Show Jobs'),
        callback: () => void app.commands.execute(CommandIDs.showJobs)
      }
    ]);
    return;
  }
  for (const { row, tone, text } of notices) {
    tell(tone, text, [
      {
        label: trans.__('Open Job'),
        callback: () =>
          void app.commands.execute(CommandIDs.openJob, { job_id: row.id })
      }
    ]);
  }
}

const KEY = 'jupyterlab-batch:told';

/** What this browser has told, so that a reload does not tell it again. */
const MEMORY: JobWatch.IMemory = {
  recall: storeId => {
    const [store, seq] = (localStorage.getItem(KEY) ?? '').split(' ');
    return store === storeId && /^\d+$/.test(seq) ? Number(seq) : null;
  },
  remember: (storeId, seq) => localStorage.setItem(KEY, `${storeId} ${seq}`)
};

const LIMIT_KEY = 'jupyterlab-batch:limits-told';

/** Of which limits this browser has told, so that neither a reload nor another tab tells it again. */
const LIMIT_MEMORY: LimitWatch.IMemory = {
  recall: () =>
    new Set(localStorage.getItem(LIMIT_KEY)?.split('\n').filter(Boolean)),
  remember: told => localStorage.setItem(LIMIT_KEY, [...told].join('\n'))
};
