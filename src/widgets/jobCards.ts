import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';

import type { IJobStore } from '../tokens';
import { readCard } from './cardPayload';
import { JOB_MIME_TYPE } from './cardRenderer';
import { JobCardWidget } from './jobCard';
import { readOrTell } from './unreadCard';

/** What cards of jobs are made with. */
export interface IJobCards {
  /** Asked for the first time a trusted card is drawn. */
  getJobs: () => Promise<IJobStore>;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** Make the card of the job that an output carries; what is none is rejected. */
export async function makeJobCard(
  { getJobs, commands, trans }: IJobCards,
  model: IRenderMime.IMimeModel
): Promise<Widget> {
  const read = readOrTell(model, JOB_MIME_TYPE, readCard, trans);
  if ('unread' in read) {
    return read.unread;
  }
  const jobs = model.trusted ? await getJobs() : null;
  return new JobCardWidget({
    row: read.card,
    service: jobs && { jobs, commands },
    trans
  });
}
