import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobRow, TaskCause, TaskCauses } from '../../model/contract';
import { offerOf } from '../../model/resubmission';
import type { Offer } from '../../model/resubmission';
import { isOver } from '../../model/phase';
import { causeText } from '../text/causeText';
import { countText } from '../text/timeText';

export interface ITaskCausesProps {
  row: JobRow;
  causes: TaskCauses;
  /** Show the log of a task. */
  onOpenLog: (index: number) => void;
  /** Ask what is to be different when just these tasks are run again. */
  onResubmit: (indices: readonly number[], offer: Offer | null) => void;
  trans: TranslationBundle;
}

/** Why tasks failed, from the commonest cause to the rarest, each with the way to run them again. */
export function TaskCausesTable(props: ITaskCausesProps): JSX.Element | null {
  const { causes, trans } = props;
  if (causes.failed === 0) {
    return null;
  }
  const title = trans._n(
    'Why %2 task failed',
    'Why %2 tasks failed',
    causes.failed,
    countText(causes.failed)
  );
  return (
    <section className="jp-BatchJobs-causes">
      <h3>{title}</h3>
      <table className="jp-BatchJobs-plainTable" aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Cause')}</th>
            <th scope="col">{trans.__('Tasks')}</th>
            <th scope="col">{trans.__('First line')}</th>
            <th scope="col">{trans.__('What to do')}</th>
          </tr>
        </thead>
        <tbody>
          {causes.causes.map(cause => (
            <CauseRow key={cause.task_indices[0]} {...props} cause={cause} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function CauseRow(props: ITaskCausesProps & { cause: TaskCause }): JSX.Element {
  const { cause, row, trans } = props;
  const [first] = cause.task_indices;
  const offer = offerOf({
    reason: cause.reason,
    memory_bytes: row.memory_bytes,
    memory_peak_bytes: cause.memory_peak_bytes,
    walltime_seconds: row.walltime_seconds
  });
  return (
    <tr>
      <th scope="row">{causeText(cause, row, trans)}</th>
      <td className="jp-mod-number">{countText(cause.count)}</td>
      <td className="jp-mod-code">{cause.line ?? '–'}</td>
      <td>
        <button
          type="button"
          className="jp-BatchJobs-link"
          aria-label={trans.__('Open log of task %1', first)}
          onClick={() => props.onOpenLog(first)}
        >
          {trans.__('Open log')}
        </button>
        {isOver(row) && (
          <button
            type="button"
            className="jp-BatchJobs-link"
            onClick={() => props.onResubmit(cause.task_indices, offer)}
          >
            {offer
              ? trans.__('Resubmit with %1…', offer.text)
              : trans.__('Resubmit…')}
          </button>
        )}
      </td>
    </tr>
  );
}
