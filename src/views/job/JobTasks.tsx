import * as React from 'react';

import type { JobRow } from '../../model/contract';
import type { Offer } from '../../model/resubmission';
import type { ITaskOverview } from '../../stores/taskOverview';
import { Segments } from '../compose/Segments';
import { Notice } from '../jobs/Notices';
import { errorText } from '../text/errorText';
import { TaskCausesTable } from './TaskCauses';
import { TaskMap } from './TaskMap';
import { TaskTable } from './TaskTable';
import type { ITaskTableProps } from './TaskTable';
import { TaskUse } from './TaskUse';
import type { SpreadPlot } from './TaskUse';

export interface IJobTasksProps extends ITaskTableProps {
  overview: ITaskOverview;
  /** Draws charts; null until it is loaded. */
  plot: SpreadPlot | null;
  /** Ask for the overview again. */
  onRetryOverview: () => void;
  /** Ask what is to be different when just these tasks are run again. */
  onResubmitTasks: (
    row: JobRow,
    indices: readonly number[],
    offer: Offer | null
  ) => void;
}

/** The tasks of an array: where they are, why some failed, what they used. */
export function JobTasks(props: IJobTasksProps): JSX.Element {
  const { job, row, overview, trans } = props;
  const { runs, causes, usage, error } = overview;
  const array = job?.spec.array;
  const [look, setLook] = React.useState<'map' | 'table'>('map');
  return (
    <div className="jp-BatchJobs-beside">
      <div className="jp-BatchJobs-tasks">
        {error && (
          <Notice
            tone="error"
            text={errorText(error, trans)}
            action={{ label: trans.__('Retry'), run: props.onRetryOverview }}
          />
        )}
        {array && (
          <Segments
            label={trans.__('All tasks as')}
            value={look}
            options={[
              { value: 'map', title: trans.__('Map') },
              { value: 'table', title: trans.__('Table') }
            ]}
            onChange={setLook}
          />
        )}
        {array && look === 'table' && <TaskTable {...props} />}
        {runs && array && look === 'map' && (
          <>
            <TaskMap
              runs={runs}
              array={array}
              onOpen={props.onOpenLog}
              trans={trans}
            />
            <p className="jp-BatchJobs-quiet">
              {trans.__(
                'Arrow keys move, Enter opens the log of a task, F goes to the next one that failed.'
              )}
            </p>
          </>
        )}
        {causes && (
          <TaskCausesTable
            row={row}
            causes={causes}
            onOpenLog={props.onOpenLog}
            onResubmit={(indices, offer) =>
              props.onResubmitTasks(row, indices, offer)
            }
            trans={trans}
          />
        )}
      </div>
      {usage && <TaskUse usage={usage} plot={props.plot} trans={trans} />}
    </div>
  );
}
