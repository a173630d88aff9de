import { render } from '@testing-library/react';
import * as React from 'react';

import { textsOf } from '../../model/clusterForm';
import type {
  Cluster,
  ClusterOffer,
  ClusterProgress,
  ClusterWorkerList
} from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { clusterIdOf } from '../../stores/__tests__/fakeClusters';
import { ClusterCard } from '../clusters/ClusterCard';
import type { IClusterCardProps } from '../clusters/ClusterCard';
import type { IClusterActions } from '../clusters/ClusterActions';
import { ClusterForm } from '../clusters/ClusterForm';
import type { IClusterFormState } from '../clusters/ClusterForm';
import { ClusterPage } from '../clusters/ClusterPage';
import type { IClusterPageProps } from '../clusters/ClusterPage';
import { ClustersList } from '../clusters/ClustersList';
import type { IClustersListProps } from '../clusters/ClustersList';
import { ScaleForm } from '../clusters/ScaleForm';
import type { IScaleState } from '../clusters/ScaleForm';
import { trans } from './fixtures';

/** The time at which clusters are drawn. */
export const CLUSTER_NOW = Date.parse('2026-11-29T10:00:00Z');

/** So many ms from then, as the server writes it. */
export function moment(ms: number): string {
  return new Date(CLUSTER_NOW + ms).toISOString();
}

/** A cluster that runs, with some changes. */
export function makeCluster(
  changes: Partial<Cluster> = {},
  number = 1
): Cluster {
  return {
    ...(readExample('Cluster.running') as Cluster),
    id: clusterIdOf(number),
    name: `dask ${number}`,
    ...changes
  };
}

/** Where clusters can be started: one gateway that can, one that cannot now. */
export const OFFERS = (
  readExample('ClusterGatewayList.local') as { gateways: ClusterOffer[] }
).gateways;

/** What can be asked of a cluster, as spies. */
export function makeClusterActions(): jest.Mocked<IClusterActions> {
  return {
    open: jest.fn(),
    openPlot: jest.fn(),
    connect: jest.fn(),
    scale: jest.fn(),
    identify: jest.fn(),
    stop: jest.fn(),
    forget: jest.fn()
  };
}

/** Draw the list of these clusters. */
export function setUpClusters(
  clusters: readonly Cluster[],
  changes: Partial<IClustersListProps> = {}
) {
  const props: jest.Mocked<IClustersListProps> = {
    snapshot: { state: 'live', clusters, staleSince: null, error: null },
    offers: OFFERS.slice(0, 1),
    isStarting: false,
    error: null,
    now: CLUSTER_NOW,
    actions: makeClusterActions(),
    wanted: null,
    onStart: jest.fn(),
    onNew: jest.fn(),
    onRetry: jest.fn(),
    trans,
    ...changes
  } as jest.Mocked<IClustersListProps>;
  const view = render(<ClustersList {...props} />);
  const show = (next: readonly Cluster[]): void =>
    view.rerender(
      <ClustersList
        {...props}
        snapshot={{ ...props.snapshot, clusters: next }}
      />
    );
  return { ...view, props, show };
}

/** Draw a cluster in the output of a cell. */
export function drawClusterCard(
  cluster: Cluster,
  changes: Partial<IClusterCardProps> = {}
): HTMLElement {
  return render(
    <ClusterCard
      cluster={cluster}
      gatewayTitle="This server"
      now={CLUSTER_NOW}
      actions={{
        open: jest.fn(),
        openPlot: jest.fn(),
        connect: jest.fn(),
        scale: jest.fn(),
        identify: jest.fn(),
        stop: jest.fn(),
        forget: jest.fn()
      }}
      isOld={false}
      error={null}
      trans={trans}
      {...changes}
    />
  ).container;
}

/** Draw the form for a new cluster. */
export function drawClusterForm(
  changes: Partial<IClusterFormState> = {},
  words = trans
): HTMLElement {
  const [offer] = OFFERS;
  return render(
    <ClusterForm
      state={{
        offers: OFFERS,
        offer,
        texts: textsOf(offer),
        formIssues: [],
        issues: [],
        error: null,
        isSubmitting: false,
        ...changes
      }}
      pythons={['/opt/venv/bin/python']}
      onChange={jest.fn()}
      onGateway={jest.fn()}
      onSave={jest.fn()}
      trans={words}
    />
  ).container;
}

/** Draw the dialog that scales a cluster. */
export function drawScaleForm(
  changes: Partial<IScaleState> = {},
  words = trans
): HTMLElement {
  return render(
    <ScaleForm
      state={{
        cluster: makeCluster(),
        texts: { kind: 'fixed', count: '2', minimum: '0', maximum: '4' },
        formIssues: [],
        issues: [],
        refusal: null,
        error: null,
        isSubmitting: false,
        ...changes
      }}
      onChange={jest.fn()}
      trans={words}
    />
  ).container;
}

/** Two workers, one of them paused. */
export const WORKERS = readExample(
  'ClusterWorkerList.two'
) as ClusterWorkerList;

interface IPageChanges extends Partial<IClusterPageProps> {
  /** What the gateway tells and does. */
  can?: Partial<ClusterOffer['capabilities']>;
}

/** Draw the page of a cluster. */
export function drawClusterPage(changes: IPageChanges = {}, words = trans) {
  const [offer] = OFFERS;
  const base: jest.Mocked<IClusterPageProps> = {
    cluster: makeCluster(),
    isGone: false,
    offer,
    details: {
      workers: WORKERS,
      progress: readExample('ClusterProgress.some') as ClusterProgress,
      error: null
    },
    error: null,
    log: null,
    now: CLUSTER_NOW,
    actions: makeClusterActions(),
    onRetire: jest.fn(),
    onRetry: jest.fn(),
    trans: words
  } as jest.Mocked<IClusterPageProps>;
  const propsOf = ({ can, ...rest }: IPageChanges) => ({
    ...base,
    offer: { ...offer, capabilities: { ...offer.capabilities, ...can } },
    ...rest
  });
  const view = render(<ClusterPage {...propsOf(changes)} />);
  const show = (next: IPageChanges): void =>
    view.rerender(<ClusterPage {...propsOf({ ...changes, ...next })} />);
  return { ...view, props: base, show };
}
