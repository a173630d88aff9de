import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobRow } from '../../model/contract';
import { canAct } from '../../model/orders';
import type { Act, Orders } from '../../model/orders';
import { canCancel, canGiveUp, isOver } from '../../model/phase';
import type { IJobActions } from '../jobs/jobActions';

export interface IJobHeadActionsProps {
  row: JobRow;
  /** What its gateway can do to it. */
  can: Orders;
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
      <OrderButtons {...props} />
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

/** What a job that is not over offers, as far as its gateway can do it. */
function OrderButtons(props: IJobHeadActionsProps): JSX.Element {
  const { row, can, actions, trans } = props;
  const offers: readonly (readonly [Act, string, (row: JobRow) => void])[] = [
    ['hold', trans.__('Hold'), actions.hold],
    ['release', trans.__('Release'), actions.release],
    ['suspend', trans.__('Suspend'), actions.suspend],
    ['resume', trans.__('Resume'), actions.resume],
    ['requeue', trans.__('Run again from the start…'), actions.requeue],
    ['change', trans.__('Change…'), actions.change],
    ['signal', trans.__('Send signal…'), actions.signal]
  ];
  return (
    <>
      {offers.map(
        ([act, label, run]) =>
          canAct(act, row, can) && (
            <HeadButton key={act} label={label} onClick={() => run(row)} />
          )
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
