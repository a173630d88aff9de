import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobRow } from '../../model/contract';
import {
  canCancel,
  canGiveUp,
  canHold,
  canRelease,
  isOver
} from '../../model/phase';
import type { IJobActions } from '../jobs/jobActions';

export interface IJobHeadActionsProps {
  row: JobRow;
  /** Its gateway can hold jobs. */
  canBeHeld: boolean;
  actions: IJobActions;
  trans: TranslationBundle;
}

/** The buttons of the job page: what can be done with the job as it is now. */
export function JobHeadActions(props: IJobHeadActionsProps): JSX.Element {
  const { row, actions, trans } = props;
  return (
    <>
      {row.outputs_count > 0 && (
        <HeadButton
          label={trans.__('Open output')}
          onClick={() => actions.openOutput(row)}
        />
      )}
      <HeadButton
        label={trans.__('Show run directory')}
        onClick={() => actions.showRunDirectory(row)}
      />
      {props.canBeHeld && <HoldButtons {...props} />}
      {canGiveUp(row) && (
        <HeadButton
          label={trans.__('It does not exist…')}
          onClick={() => actions.giveUp(row)}
        />
      )}
      {isOver(row) && <OverButtons {...props} />}
      {canCancel(row) && (
        <HeadButton
          label={trans.__('Cancel…')}
          isWarning
          onClick={() => actions.cancel(row)}
        />
      )}
    </>
  );
}

/** What a job that waits or is held offers. */
function HoldButtons(props: IJobHeadActionsProps): JSX.Element {
  const { row, actions, trans } = props;
  return (
    <>
      {canHold(row) && (
        <HeadButton
          label={trans.__('Hold')}
          onClick={() => actions.hold(row)}
        />
      )}
      {canRelease(row) && (
        <HeadButton
          label={trans.__('Release')}
          onClick={() => actions.release(row)}
        />
      )}
    </>
  );
}

/** What a job that is over offers. */
function OverButtons(props: IJobHeadActionsProps): JSX.Element {
  const { row, actions, trans } = props;
  return (
    <>
      <HeadButton
        label={trans.__('Resubmit…')}
        onClick={() => actions.resubmit(row)}
      />
      <HeadButton
        label={trans.__('Edit and resubmit…')}
        onClick={() => actions.edit(row)}
      />
      <HeadButton
        label={trans.__('Forget…')}
        onClick={() => actions.forget(row)}
      />
    </>
  );
}

function HeadButton(props: {
  label: string;
  isWarning?: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      className={`jp-BatchJobs-button ${props.isWarning ? 'jp-mod-warn' : ''}`}
      onClick={props.onClick}
    >
      {props.label}
    </button>
  );
}
