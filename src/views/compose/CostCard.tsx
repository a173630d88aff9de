import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Check } from '../../model/contract';
import { UseLines } from '../jobs/UseLines';
import { costText, holderText, leftText } from '../text/allocationText';
import { countText, exactTimeText } from '../text/timeText';

/** What the job may cost, what is left to pay it with, and what limits it; nothing if nobody knows. */
export function CostCard(props: {
  charge: Pick<Check, 'cost' | 'allocation_left' | 'limits'> | null;
  /** It is of an earlier state of the form. */
  isChecking: boolean;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { charge, trans } = props;
  if (!charge || (!charge.cost && charge.limits.length === 0)) {
    return null;
  }
  const { cost, allocation_left: left } = charge;
  const rest = left && leftText(left, trans);
  return (
    <div className="jp-BatchJobs-card" aria-busy={props.isChecking}>
      {cost && (
        <dl className="jp-BatchJobs-cost" aria-label={trans.__('Cost')}>
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
      )}
      <Limits limits={charge.limits} trans={trans} />
    </div>
  );
}

/** What holds for the job where it is to run, folded: what it breaks is said above. */
function Limits(props: {
  limits: Check['limits'];
  trans: TranslationBundle;
}): JSX.Element | null {
  const { limits, trans } = props;
  if (limits.length === 0) {
    return null;
  }
  return (
    <details className="jp-BatchJobs-limits">
      <summary>
        {trans._n(
          '%2 limit holds for it',
          '%2 limits hold for it',
          limits.length,
          countText(limits.length)
        )}
      </summary>
      <UseLines allocations={limits} trans={trans} />
    </details>
  );
}
