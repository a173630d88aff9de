import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Allocation } from '../../model/contract';
import type {
  AllocationsSnapshot,
  GatewayAllocations
} from '../../stores/allocations';
import { errorText } from '../text/errorText';
import { exactTimeText } from '../text/timeText';
import { Notice } from './Notices';
import { UseLines } from './UseLines';

export interface IAllocationsListProps {
  gateways: AllocationsSnapshot;
  onRefresh: () => void;
  trans: TranslationBundle;
}

/** What may be used of each gateway, the fullest first. */
export function AllocationsList(props: IAllocationsListProps): JSX.Element {
  const { gateways, onRefresh, trans } = props;
  return (
    <div className="jp-BatchJobs-allocations">
      {gateways.length === 0 && (
        <p>{trans.__('No gateway charges your jobs to an account.')}</p>
      )}
      {gateways.map(gateway => (
        <OfGateway
          key={gateway.id}
          gateway={gateway}
          isNamed={gateways.length > 1}
          trans={trans}
        />
      ))}
      {gateways.length > 0 && (
        <button type="button" className="jp-BatchJobs-link" onClick={onRefresh}>
          {trans.__('Ask again')}
        </button>
      )}
    </div>
  );
}

function OfGateway(props: {
  gateway: GatewayAllocations;
  isNamed: boolean;
  trans: TranslationBundle;
}): JSX.Element {
  const { gateway, isNamed, trans } = props;
  const { list, error } = gateway;
  const shared = list?.allocations.filter(isOfMany) ?? [];
  return (
    <div role="group" aria-label={gateway.title}>
      {isNamed && <h3>{gateway.title}</h3>}
      {error && <Notice tone="error" text={errorText(error, trans)} />}
      {list && shared.length > 0 && (
        <UseLines allocations={shared} trans={trans} />
      )}
      {list && shared.length === 0 && !list.missing && (
        <p>{trans.__('Nothing is limited.')}</p>
      )}
      {list?.missing && <p>{list.missing}</p>}
      {list?.as_of && (
        <p className="jp-BatchJobs-quiet">
          {trans.__('As of %1', exactTimeText(list.as_of))}
        </p>
      )}
    </div>
  );
}

/** Whether it is used up by several jobs; what each job may use is said in the form. */
function isOfMany({ period }: Allocation): boolean {
  return period !== 'each_job';
}
