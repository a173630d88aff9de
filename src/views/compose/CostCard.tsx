import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Check } from '../../model/contract';
import { costText, holderText, leftText } from '../text/allocationText';
import { exactTimeText } from '../text/timeText';

/** What the job may cost, and what is left to pay it with; nothing where nobody is charged. */
export function CostCard(props: {
  charge: Pick<Check, 'cost' | 'allocation_left'> | null;
  /** It is of an earlier state of the form. */
  isChecking: boolean;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { charge, trans } = props;
  if (!charge?.cost) {
    return null;
  }
  const { cost, allocation_left: left } = charge;
  const rest = left && leftText(left, trans);
  return (
    <dl
      className="jp-BatchJobs-card jp-BatchJobs-cost"
      aria-label={trans.__('Cost')}
      aria-busy={props.isChecking}
    >
      <div className="jp-BatchJobs-costLine">
        <dt>{trans.__('Cost')}</dt>
        <dd>{costText(cost, trans)}</dd>
      </div>
      {left && rest && (
        <div
          className="jp-BatchJobs-costLine"
          title={trans.__(
            '%1, as of %2',
            left.limit,
            exactTimeText(left.as_of)
          )}
        >
          <dt>{trans.__('Left in %1', holderText(left, trans))}</dt>
          <dd>{rest}</dd>
        </div>
      )}
    </dl>
  );
}
