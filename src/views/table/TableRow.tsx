import * as React from 'react';

import type { ColumnId } from '../../model/columns';
import type { JobRow } from '../../model/contract';
import type { Orders } from '../../model/orders';
import type { IJobActions } from '../jobs/jobActions';
import { rowClass } from '../jobs/JobRowItem';
import { phaseTone } from '../PhaseIcon';
import { Cell, cellTitle, isNumeric } from './cells';
import type { ICellContext } from './cells';
import { CheckCell } from './checkCells';
import { PLAIN_CELL, tellWhatIsCut } from './cutCells';

export interface ITableRowProps {
  id: string;
  index: number;
  /** Undefined while the job at this place is not known. */
  row: JobRow | undefined;
  top: number;
  columns: readonly ColumnId[];
  isSelected: boolean;
  /** The focus stands here. */
  isActive: boolean;
  /** What its gateway can do to it. */
  can: Orders;
  context: ICellContext;
  actions: IJobActions;
  onPress: (event: React.MouseEvent, index: number, row: JobRow) => void;
  onToggle: (row: JobRow) => void;
}

/** One job in the table. */
export const TableRow = React.memo(function TableRow(
  props: ITableRowProps
): JSX.Element {
  const { row, index, isSelected, context } = props;
  const { trans } = context;
  const place = {
    id: props.id,
    role: 'row',
    'aria-rowindex': index + 2,
    style: { top: props.top }
  } as const;
  if (!row) {
    return (
      <div {...place} className="jp-BatchJobs-tableRow" aria-busy="true">
        <div role="gridcell" className="jp-BatchJobs-quiet">
          …
        </div>
      </div>
    );
  }
  return (
    <div
      {...place}
      className={[
        rowClass(row, props.can),
        'jp-BatchJobs-tableRow',
        isSelected ? 'jp-mod-selected' : '',
        props.isActive ? 'jp-mod-current' : ''
      ].join(' ')}
      aria-selected={isSelected}
      data-job-id={row.id}
      onMouseDown={event => event.shiftKey && event.preventDefault()}
      onClick={event => props.onPress(event, index, row)}
      onDoubleClick={() => props.actions.open(row)}
      onMouseOver={tellWhatIsCut}
    >
      <CheckCell
        isSelected={isSelected}
        label={trans.__('Select %1', row.name)}
        onToggle={() => props.onToggle(row)}
      />
      {props.columns.map(column => (
        <div
          key={column}
          role="gridcell"
          className={cellClass(column, row)}
          title={cellTitle(column, row)}
        >
          <Cell
            column={column}
            row={row}
            context={context}
            onOpen={props.actions.open}
          />
        </div>
      ))}
    </div>
  );
});

function cellClass(column: ColumnId, row: JobRow): string {
  const isTold =
    column === 'phase' || (column === 'why' && row.phase === 'ERROR');
  return [
    'jp-BatchJobs-tableCell',
    cellTitle(column, row) === undefined ? PLAIN_CELL : '',
    isNumeric(column) ? 'jp-mod-number' : '',
    isTold ? phaseTone(row.phase) : ''
  ].join(' ');
}
