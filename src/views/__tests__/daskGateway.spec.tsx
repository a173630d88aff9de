import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import { readExample } from '../../model/__tests__/examples';
import { textsOf } from '../../model/clusterForm';
import type { Cluster, ClusterOffer } from '../../model/contract';
import { IdentifyForm } from '../clusters/IdentifyForm';
import {
  drawClusterForm,
  makeCluster,
  OFFERS,
  setUpClusters
} from './clusterHarness';
import { trans } from './fixtures';

const [GATEWAY] = (
  readExample('ClusterGatewayList.dask-gateway') as { gateways: ClusterOffer[] }
).gateways;
const LOST = readExample('Cluster.answer-lost') as Cluster;

it('draws the options of the gateway in its own words, and no idle stop', () => {
  drawClusterForm({
    offers: [...OFFERS, GATEWAY],
    offer: GATEWAY,
    texts: textsOf(GATEWAY),
    issues: [
      {
        field: 'spec.options.worker_memory',
        severity: 'error',
        code: 'out_of_range',
        message: 'This is at most 2.',
        limit: 2
      }
    ],
    formIssues: [{ field: 'spec.options.environment', code: 'not_pairs' }]
  });
  expect(screen.getByLabelText('Cores per worker')).toHaveValue('1');
  expect(screen.getByLabelText('Image')).toHaveValue('Stable');
  expect(screen.getByLabelText('Use a GPU')).not.toBeChecked();
  expect(screen.getByLabelText('Environment variables')).toHaveValue(
    'OMP_NUM_THREADS=1'
  );
  expect(
    screen.getByLabelText('Memory per worker (GiB)')
  ).toHaveAccessibleDescription('This is at most 2.');
  expect(
    screen.getByLabelText('Environment variables')
  ).toHaveAccessibleDescription('One NAME=value in each line');
  expect(screen.queryByLabelText('Stops when idle for')).toBeNull();
});

it('shows a dash for what is not told, and what was not started here', () => {
  setUpClusters([
    makeCluster({
      is_found: true,
      idle_since: null,
      memory_bytes: null,
      memory_used_bytes: 3 * 2 ** 30,
      idle_stop_at: null,
      idle_stop_seconds: null
    })
  ]);
  const row = screen.getByRole('row', { name: /^dask 1, / });
  expect(row).toHaveTextContent('not started here');
  expect(row).toHaveTextContent('3 GB of –');
  expect(within(row).queryByRole('meter')).toBeNull();
});

it('lets the user say which cluster it is whose answer was lost', async () => {
  const { props } = setUpClusters([LOST]);
  const row = screen.getByRole('row', {
    name: /1 cluster there may be it: say which/
  });
  expect(row).toHaveClass('jp-mod-canIdentify');
  await userEvent.click(
    within(row).getByRole('button', { name: /^Say which .* is…$/ })
  );
  expect(props.actions.identify).toHaveBeenCalledWith(LOST);
});

it('offers those that it may be, and none of them', async () => {
  const onChoose = jest.fn();
  const [candidate] = LOST.candidates ?? [];
  render(
    <IdentifyForm
      state={{
        cluster: LOST,
        chosen: candidate.native_id,
        refusal: null,
        error: null,
        isSubmitting: false
      }}
      onChoose={onChoose}
      trans={trans}
    />
  );
  expect(
    screen.getByRole('radio', { name: new RegExp(candidate.native_id) })
  ).toBeChecked();
  await userEvent.click(screen.getByRole('radio', { name: /^None of these/ }));
  expect(onChoose).toHaveBeenCalledWith(null);
});
