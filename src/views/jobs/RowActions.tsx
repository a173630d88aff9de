import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon, folderIcon } from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { JobRow } from '../../model/contract';
import { canCancel } from '../../model/phase';
import { logIcon, outputIcon, resubmitIcon } from '../icons';
import type { IJobActions } from './jobActions';

/** The buttons of a row, shown while the mouse or the focus is on it. */
export const RowActions = React.memo(function RowActions(props: {
  row: JobRow;
  actions: IJobActions;
  trans: TranslationBundle;
}): JSX.Element {
  const { row, actions, trans } = props;
  return (
    <div role="gridcell" className="jp-BatchJobs-rowActions">
      {row.outputs_count > 0 && (
        <RowButton
          icon={outputIcon}
          label={trans.__('Open output of %1', row.name)}
          onClick={() => actions.openOutput(row)}
        />
      )}
      <RowButton
        icon={logIcon}
        label={trans.__('Open log of %1', row.name)}
        onClick={() => actions.openLog(row)}
      />
      <RowButton
        icon={folderIcon}
        label={trans.__('Show run directory of %1', row.name)}
        onClick={() => actions.showRunDirectory(row)}
      />
      {row.phase === 'ERROR' && (
        <RowButton
          icon={resubmitIcon}
          label={trans.__('Resubmit %1…', row.name)}
          onClick={() => actions.resubmit(row)}
        />
      )}
      {canCancel(row) && (
        <RowButton
          icon={closeIcon}
          label={trans.__('Cancel %1…', row.name)}
          onClick={() => actions.cancel(row)}
        />
      )}
    </div>
  );
});

/** One button; the arrow keys lead to it, not the tab key. */
export function RowButton(props: {
  icon: LabIcon;
  label: string;
  onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      className="jp-BatchJobs-rowButton"
      tabIndex={-1}
      title={props.label}
      aria-label={props.label}
      onClick={event => {
        event.stopPropagation();
        props.onClick();
      }}
    >
      <props.icon.react tag="span" />
    </button>
  );
}
