import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { JobCounts } from '../model/contract';
import { clusterIcon, phaseIcon } from './icons';
import { countText } from './text/timeText';

/** How many jobs run, wait and need somebody, and how many workers there are; nothing while there are none. */
export function StatusCounts(props: {
  counts: JobCounts | null;
  /** Of all Dask clusters. */
  workers: number;
  onOpen: () => void;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { counts, workers, trans } = props;
  const ofJobs: Part[] = counts
    ? [
        ['EXECUTING', phaseIcon('EXECUTING'), running(counts.running, trans)],
        ['QUEUED', phaseIcon('QUEUED'), queued(counts.queued, trans)],
        ['ERROR', phaseIcon('ERROR'), needing(counts.needs_you, trans)]
      ]
    : [];
  const parts = [
    ...ofJobs,
    ['workers', clusterIcon, working(workers, trans)] as Part
  ].filter(([, , text]) => text !== '');
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
      {parts.map(([name, icon, text]) => (
        <span key={name} className={name === 'ERROR' ? 'jp-mod-failed' : ''}>
          <icon.react tag="span" aria-hidden="true" />
          {text}
        </span>
      ))}
    </button>
  );
}

/** What it is, how it looks, and what is said of it. */
type Part = readonly [name: string, icon: LabIcon, text: string];

function working(count: number, trans: TranslationBundle): string {
  return count > 0
    ? trans._n('%2 worker', '%2 workers', count, countText(count))
    : '';
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
