import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { IRunningSessionManagers } from '@jupyterlab/running';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStatusBar } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';

import { JobWatch } from '../../stores/watch';
import type { JobNews } from '../../stores/watch';
import { IBatchClient } from '../../tokens';
import { manyNewsText, newsText } from '../../views/text/newsText';
import { CommandIDs } from '../../widgets/jobCommands';
import { StatusItem } from '../../widgets/statusItem';
import { runningJobs } from './runningJobs';

const SETTINGS_ID = 'jupyterlab-batch:jobs';

/** Between JupyterLab's own running sessions and the memory in use. */
const STATUS_RANK = 5;

/** More than so many notices at a time are one. */
const MOST_NOTICES = 3;

const NOTICE_MS = 8_000;

/** What the watch works with. */
export interface IWatchContext {
  app: JupyterFrontEnd;
  statusBar: IStatusBar | null;
  running: IRunningSessionManagers | null;
  settings: ISettingRegistry | null;
  trans: TranslationBundle;
}

/** Watch jobs from now on, and tell where somebody may look. */
export async function startWatch(context: IWatchContext): Promise<JobWatch> {
  const { app, statusBar, running, settings, trans } = context;
  const kept = await settings?.load(SETTINGS_ID);
  const client = await app.resolveRequiredService(IBatchClient);
  const watch = new JobWatch({ client, memory: MEMORY });
  const show = (): void => void app.commands.execute(CommandIDs.showJobs);
  statusBar?.registerStatusItem('jupyterlab-batch:status', {
    item: new StatusItem(watch, show, trans),
    align: 'left',
    rank: STATUS_RANK
  });
  running?.add(runningJobs({ app, client, watch, trans }));
  watch.happened.connect((_, news) => {
    const wanted = kept?.get('notices').composite ?? 'all';
    tell(
      context,
      news.filter(
        ({ kind }) =>
          wanted === 'all' || (wanted === 'failures' && kind !== 'finished')
      )
    );
  });
  await watch.refresh();
  return watch;
}

function tell(context: IWatchContext, news: readonly JobNews[]): void {
  const { app, trans } = context;
  if (news.length > MOST_NOTICES) {
    Notification.emit(
      manyNewsText(news, trans),
      news.some(({ kind }) => kind !== 'finished') ? 'warning' : 'success',
      {
        autoClose: NOTICE_MS,
        actions: [
          {
            label: trans.__('Show Jobs'),
            callback: () => void app.commands.execute(CommandIDs.showJobs)
          }
        ]
      }
    );
    return;
  }
  for (const one of news) {
    Notification.emit(
      newsText(one, trans),
      one.kind === 'finished' ? 'success' : 'warning',
      {
        autoClose: NOTICE_MS,
        actions: [
          {
            label: trans.__('Open Job'),
            callback: () =>
              void app.commands.execute(CommandIDs.openJob, {
                job_id: one.row.id
              })
          }
        ]
      }
    );
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
