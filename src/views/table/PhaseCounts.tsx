import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Phase } from '../../model/contract';
import { PHASE_WORDS } from '../../model/query';
import { phaseText } from '../text/phaseText';
import { countText } from '../text/timeText';

/** Always there, so that nothing moves when their count becomes 0; others while they have jobs. */
const ALWAYS: readonly Phase[] = [
  'EXECUTING',
  'QUEUED',
  'ERROR',
  'COMPLETED',
  'ABORTED'
];

/** In the order of what a person looks for. */
const ORDER: readonly Phase[] = [
  'EXECUTING',
  'SUSPENDED',
  'QUEUED',
  'HELD',
  'PENDING',
  'ERROR',
  'UNKNOWN',
  'COMPLETED',
  'ABORTED',
  'ARCHIVED'
];

/** How many jobs there are of each phase: the counts add up, and choose. */
export function PhaseCounts(props: {
  /** Null if nobody knows yet. */
  counts: Readonly<Record<string, number>> | null;
  chosen: readonly Phase[];
  onChoose: (phases: readonly Phase[]) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { chosen, onChoose, trans } = props;
  const counts = props.counts ?? {};
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const beside = (word: string, count: number): string =>
    props.counts ? `${word} ${countText(count)}` : word;
  const shown = ORDER.filter(
    phase =>
      ALWAYS.includes(phase) || counts[phase] > 0 || chosen.includes(phase)
  );
  return (
    <div
      role="group"
      className="jp-BatchJobs-chips"
      aria-label={trans.__('Phases shown')}
    >
      <Chip
        text={beside(trans.__('All'), all)}
        isChosen={chosen.length === 0}
        onClick={() => onChoose([])}
      />
      {shown.map(phase => {
        const others = chosen.filter(one => one !== phase);
        const isChosen = chosen.includes(phase);
        return (
          <Chip
            key={PHASE_WORDS[phase]}
            text={beside(phaseText(phase, trans), counts[phase] ?? 0)}
            isChosen={isChosen}
            onClick={() => onChoose(isChosen ? others : [...others, phase])}
          />
        );
      })}
    </div>
  );
}

function Chip(props: {
  text: string;
  isChosen: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      className="jp-BatchJobs-chip"
      aria-pressed={props.isChosen}
      onClick={props.onClick}
    >
      {props.text}
    </button>
  );
}
