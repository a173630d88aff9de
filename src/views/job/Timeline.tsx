import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobEvent, JobRow } from '../../model/contract';
import { isLimitDrawn, secondsIn, timelineOf } from '../../model/timeline';
import type { ITimeline } from '../../model/timeline';
import { SEPARATOR } from '../jobs/rowText';
import { phaseText } from '../text/phaseText';
import { durationText } from '../text/timeText';

/** Where the time of a job went and when it will be over, drawn and in words. */
export function Timeline(props: {
  row: JobRow;
  events: readonly JobEvent[];
  now: number;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { row, events, now, trans } = props;
  const line = timelineOf(events, row, now);
  if (line === null) {
    return null;
  }
  const { spans, begin, limit } = line;
  const isDrawn = isLimitDrawn(line, row.phase);
  const end = isDrawn && limit !== null ? Math.max(line.end, limit) : line.end;
  const share = (ms: number): string => `${(ms / (end - begin)) * 100}%`;
  return (
    <div className="jp-BatchJobs-timeline">
      <div className="jp-BatchJobs-timelineBar" aria-hidden="true">
        {spans.map(({ phase, from, to }, index) => (
          <span
            key={index}
            data-phase={phase}
            style={{
              insetInlineStart: share(from - begin),
              inlineSize: share(to - from)
            }}
          />
        ))}
        {isDrawn && limit !== null && (
          <i style={{ insetInlineStart: share(limit - begin) }} />
        )}
      </div>
      <div className="jp-BatchJobs-tasksLine">{sentence(line, row, trans)}</div>
    </div>
  );
}

/** The same in words: `Queued 6 min · Running 52 min · limit 1 h 30 min`. */
function sentence(
  { spans, limit }: ITimeline,
  row: JobRow,
  trans: TranslationBundle
): string {
  const parts = [...secondsIn(spans)]
    .filter(([, seconds]) => seconds >= 1)
    .map(([phase, seconds]) =>
      trans.__('%1 %2', phaseText(phase, trans), durationText(seconds))
    );
  if (limit !== null) {
    parts.push(trans.__('limit %1', durationText(row.walltime_seconds)));
  }
  return parts.join(SEPARATOR);
}
