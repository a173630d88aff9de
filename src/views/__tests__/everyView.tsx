import type { TranslationBundle } from '@jupyterlab/translation';
import { render } from '@testing-library/react';
import * as React from 'react';

import type {
  AllocationList,
  Check,
  RunDirectoryList
} from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { CostCard } from '../compose/CostCard';
import { RunDirectories } from '../directories/RunDirectories';
import { AllocationsList } from '../jobs/AllocationsList';
import { CLUSTERS } from './everyCluster';
import { DIALOGS } from './everyDialog';
import { FORMS, OFFLINE } from './everyForm';
import { LISTS } from './everyList';
import { PAGES } from './everyPage';
import { NOW } from './fixtures';

/** Limits with and without a use, and one gateway that does not answer. */
function drawCosts(trans: TranslationBundle): HTMLElement {
  const list = readExample('AllocationList.some') as AllocationList;
  const [one] = list.allocations;
  const charge = readExample('Check.warning') as Check;
  const allocations = [
    one,
    { ...one, user: 'root', used: null },
    { ...one, account: 'lenses', granted: null }
  ];
  return render(
    <>
      <CostCard charge={charge} isChecking={false} trans={trans} />
      <AllocationsList
        gateways={[
          {
            id: 'a',
            title: 'Slurm',
            list: { ...list, allocations },
            error: null
          },
          { id: 'b', title: 'Slurm', list: null, error: OFFLINE }
        ]}
        onRefresh={jest.fn()}
        trans={trans}
      />
    </>
  ).container;
}

function drawDirectories(trans: TranslationBundle): HTMLElement {
  const { rows } = readExample('RunDirectoryList.some') as RunDirectoryList;
  return render(
    <RunDirectories
      directories={{
        rows,
        cursor: 'x',
        chosen: new Set([rows[1].job_id]),
        refused: [],
        isBusy: false,
        error: OFFLINE
      }}
      selected={[rows[1]]}
      now={NOW}
      onChoose={jest.fn()}
      onRemove={jest.fn()}
      onMore={jest.fn()}
      onReload={jest.fn()}
      onOpenJob={jest.fn()}
      trans={trans}
    />
  ).container;
}

/** Every view, in the states in which it says most. */
export const VIEWS: [string, (trans: TranslationBundle) => HTMLElement][] = [
  ...LISTS,
  ...FORMS,
  ...PAGES,
  ...DIALOGS,
  ...CLUSTERS,
  ['what a job costs and what is left', drawCosts],
  ['run directories', drawDirectories]
];
