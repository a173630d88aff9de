import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IRunningSessions } from '@jupyterlab/running';
import type { TranslationBundle } from '@jupyterlab/translation';

import { inCalls } from '../../model/bulk';
import type { JobRow } from '../../model/contract';
import { canCancel } from '../../model/phase';
import type { JobWatch } from '../../stores/watch';
import type { IBatchClient } from '../../tokens';
import { phaseIcon } from '../../views/icons';
import { stateText } from '../../views/text/phaseText';
import { CommandIDs } from '../../widgets/jobCommands';

/** What the section works with. */
interface IRunningContext {
  app: JupyterFrontEnd;
  client: IBatchClient;
  watch: JobWatch;
  trans: TranslationBundle;
}

/** The section of JupyterLab's running sessions that lists jobs which are not over. */
export function runningJobs(
  context: IRunningContext
): IRunningSessions.IManager {
  const { client, watch, trans } = context;
  return {
    name: trans.__('Batch Jobs'),
    supportsMultipleViews: false,
    running: () => watch.snapshot.active.map(row => toItem(row, context)),
    refreshRunning: () => void watch.refresh(),
    runningChanged: watch.changed,
    shutdownLabel: trans.__('Cancel Job…'),
    shutdownAllLabel: trans.__('Cancel All'),
    shutdownAllConfirmationText: trans.__(
      'Cancel all batch jobs that are not over? What has been written so far stays.'
    ),
    shutdownAll: () => {
      const ids = watch.snapshot.active.filter(canCancel).map(({ id }) => id);
      for (const job_ids of inCalls(ids)) {
        void client
          .actOnJobs({ action: 'cancel', job_ids })
          .then(() => watch.refresh());
      }
    }
  };
}

function toItem(
  row: JobRow,
  { app, trans }: IRunningContext
): IRunningSessions.IRunningItem {
  return {
    icon: () => phaseIcon(row.phase),
    label: () => row.name,
    labelTitle: () => `${row.name}\n${stateText(row, trans)}`,
    detail: () => stateText(row, trans),
    open: () =>
      void app.commands.execute(CommandIDs.openJob, { job_id: row.id }),
    shutdown: () =>
      void app.commands.execute(CommandIDs.cancelJob, { job_id: row.id })
  };
}
