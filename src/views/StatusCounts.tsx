import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobCounts } from '../model/contract';
import { phaseIcon } from './icons';
import { countText } from './text/timeText';

/** How many jobs run, wait and need somebody; nothing while there are none. */
export function StatusCounts(props: {
  counts: JobCounts | null;
  onOpen: () => void;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { counts, trans } = props;
  const parts = counts
    ? [
        { phase: 'EXECUTING' as const, text: running(counts.running, trans) },
        { phase: 'QUEUED' as const, text: queued(counts.queued, trans) },
        { phase: 'ERROR' as const, text: needing(counts.needs_you, trans) }
      ].filter(({ text }) => text !== '')
    : [];
  if (parts.length === 0) {
    return null;
  }
  return (
    <button
      type="button"
      className="jp-BatchJobs-status"
      title={trans.__('Show batch jobs')}
      onClick={props.onOpen}
    >
      {parts.map(({ phase, text }) => {
        const icon = phaseIcon(phase);
        return (
          <span
            key={phase}
            className={phase === 'ERROR' ? 'jp-mod-failed' : ''}
          >
            <icon.react tag="span" aria-hidden="true" />
            {text}
          </span>
        );
      })}
    </button>
  );
}

function running(count: number, trans: TranslationBundle): string {
  return count > 0 ? trans.__('%1 running', countText(count)) : '';
}

function queued(count: number, trans: TranslationBundle): string {
  return count > 0 ? trans.__('%1 queued', countText(count)) : '';
}

function needing(count: number, trans: TranslationBundle): string {
  return count > 0
    ? trans._n('%2 needs you', '%2 need you', count, countText(count))
    : '';
}
