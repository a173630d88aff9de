import type { TranslationBundle } from '@jupyterlab/translation';

import type { JobRow, Phase } from '../../model/contract';
import type { SectionName } from '../jobs/sections';

/** The word for a phase. */
export function phaseText(phase: Phase, trans: TranslationBundle): string {
  switch (phase) {
    case 'PENDING':
      return trans.__('Submitting');
    case 'HELD':
      return trans.__('Held');
    case 'QUEUED':
      return trans.__('Queued');
    case 'EXECUTING':
      return trans.__('Running');
    case 'SUSPENDED':
      return trans.__('Suspended');
    case 'COMPLETED':
      return trans.__('Completed');
    case 'ERROR':
      return trans.__('Failed');
    case 'ABORTED':
      return trans.__('Cancelled');
    case 'UNKNOWN':
      return trans.__('Unknown');
    case 'ARCHIVED':
      return trans.__('Archived');
  }
}

/** The word for where a job is, with what is happening to it at this moment. */
export function stateText(
  row: Pick<JobRow, 'phase' | 'substate'>,
  trans: TranslationBundle
): string {
  switch (row.substate) {
    case 'starting':
      return trans.__('Starting');
    case 'finishing':
      return trans.__('Finishing');
    case 'cancelling':
      return trans.__('Cancelling');
    case null:
      return phaseText(row.phase, trans);
  }
}

/** The heading of a part of the list. */
export function sectionText(
  name: SectionName,
  trans: TranslationBundle
): string {
  switch (name) {
    case 'needs_you':
      return trans.__('Needs you');
    case 'running':
      return trans.__('Running');
    case 'queued':
      return trans.__('Queued');
    case 'finished':
      return trans.__('Finished');
    case 'finished_today':
      return trans.__('Finished today');
    case 'finished_earlier':
      return trans.__('Finished earlier');
  }
}
