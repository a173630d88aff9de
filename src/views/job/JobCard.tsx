import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobRow } from '../../model/contract';
import { canCancel, isFinal } from '../../model/phase';
import { CardActions } from '../CardActions';
import type { CardAction } from '../CardActions';
import type { IJobActions } from '../jobs/jobActions';
import {
  progressFraction,
  progressText,
  SEPARATOR,
  timePart
} from '../jobs/rowText';
import { PhaseIcon } from '../PhaseIcon';
import { errorText, isMisread } from '../text/errorText';
import { stateText } from '../text/phaseText';
import { reasonText } from '../text/reasonText';
import {
  countedTo,
  durationText,
  momentText,
  secondsBetween,
  staleText
} from '../text/timeText';
import { TasksLine } from './JobHead';
import { ProgressBar } from './ProgressBar';

export interface IJobCardProps {
  row: JobRow;
  gatewayTitle: string;
  /** Milliseconds since the epoch; null for a still picture, which counts no time. */
  now: number | null;
  /** When the server answered last, in ms since the epoch; null while it answers. */
  staleSince: number | null;
  /** Null where nothing can be done: in an untrusted notebook, or without a server. */
  actions: IJobActions | null;
  /** The row is that of the time of the output; the job is not known to this server. */
  isOld: boolean;
  /** Why it could not be asked about. */
  error: Error | null;
  trans: TranslationBundle;
}

/** One job under the cell that made it. */
export function JobCard(props: IJobCardProps): JSX.Element {
  const { row, actions, trans } = props;
  const fraction = isFinal(row.phase) ? null : progressFraction(row);
  const isAtWork = row.phase === 'EXECUTING' && row.substate !== 'finishing';
  const why = isAtWork ? '' : reasonText(row, trans);
  return (
    <div className="jp-BatchJobs-jobCard" role="group" aria-label={row.name}>
      <div className="jp-BatchJobs-headline">
        <PhaseIcon row={row} trans={trans} />
        <strong>{row.name}</strong>
        <span className="jp-BatchJobs-quiet">{placeText(props)}</span>
        {actions && (
          <CardActions shown={row} actions={actionsOf(row, actions, trans)} />
        )}
      </div>
      {fraction !== null && (
        <ProgressBar
          fraction={fraction}
          phase={row.phase}
          label={progressText(row, trans)}
        />
      )}
      <TasksLine row={row} trans={trans} />
      <div className="jp-BatchJobs-cardLine">
        <span>{isFinal(row.phase) ? '' : progressText(row, trans)}</span>
        <span>{timesText(props)}</span>
      </div>
      {why && (
        <div className={`jp-BatchJobs-notice ${noticeTone(row)}`}>{why}</div>
      )}
      {props.isOld && (
        <div className="jp-BatchJobs-quiet">
          {isMisread(props.error)
            ? errorText(props.error, trans)
            : trans.__('As it was when this output was made.')}
        </div>
      )}
    </div>
  );
}

function placeText(props: IJobCardProps): string {
  const { row, gatewayTitle, trans } = props;
  const state = trans.__('%1 on %2', stateText(row, trans), gatewayTitle);
  return [state, row.queue ?? ''].filter(Boolean).join(SEPARATOR);
}

function actionsOf(
  row: JobRow,
  actions: IJobActions,
  trans: TranslationBundle
): CardAction<JobRow>[] {
  return [
    [trans.__('Open'), true, actions.open],
    [trans.__('Log'), true, actions.openLog],
    [trans.__('Output'), row.outputs_count > 0, actions.openOutput],
    [trans.__('Cancel…'), canCancel(row), actions.cancel]
  ];
}

function timesText(props: IJobCardProps): string {
  const { row, now, staleSince, trans } = props;
  if (row.phase === 'EXECUTING' && now !== null && !row.array) {
    return [
      timePart(row, countedTo(now, staleSince), trans).text,
      staleText(staleSince, now, trans)
    ]
      .filter(Boolean)
      .join(SEPARATOR);
  }
  const elapsed = secondsBetween(row.started_at, row.ended_at);
  return [
    row.ended_at === null ? '' : momentText(row.ended_at, now ?? 0),
    elapsed === null ? '' : durationText(elapsed)
  ]
    .filter(Boolean)
    .join(SEPARATOR);
}

function noticeTone(row: JobRow): string {
  switch (row.phase) {
    case 'ERROR':
      return 'jp-mod-error';
    case 'UNKNOWN':
      return 'jp-mod-warning';
    default:
      return 'jp-mod-info';
  }
}
