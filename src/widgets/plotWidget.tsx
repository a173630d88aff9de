import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import * as React from 'react';

import '../../style/base.css';
import '../../style/clusterPage.css';
import type { IClusterClient, IClusterStore } from '../clusterTokens';
import { canUse, stateOf } from '../model/cluster';
import type { Cluster } from '../model/contract';
import { batchIcon } from '../views/batchIcon';
import { clusterStateText } from '../views/text/clusterText';
import { SightWidget } from './sightWidget';

/** One plot of a cluster's own dashboard, in the main area. */
export class PlotWidget extends MainAreaWidget<PlotContent> {
  constructor(options: PlotWidget.IOptions) {
    super({ content: new PlotContent(options) });
    this.id = plotWidgetId(options.clusterId, options.path);
    this.title.label = options.title;
    this.title.icon = batchIcon;
    this.title.closable = true;
    this.toolbar.hide();
  }
}

/** The id of the tab of a plot. */
export function plotWidgetId(clusterId: string, path: string): string {
  return `jupyterlab-batch-plot-${clusterId}-${path}`;
}

export namespace PlotWidget {
  export interface IOptions {
    clusterId: string;
    /** Below the dashboard. */
    path: string;
    title: string;
    client: IClusterClient;
    clusters: IClusterStore;
    trans: TranslationBundle;
  }
}

/**
 * The page of a plot in a frame, which is there while it is in sight.
 *
 * A hidden frame would go on drawing, up to thirty times a second.
 */
export class PlotContent extends SightWidget {
  constructor(private readonly _options: PlotWidget.IOptions) {
    super();
    this.addClass('jp-BatchJobs-plotTab');
  }

  /** What opens it again. */
  get opensWith(): ReadonlyJSONObject {
    const { clusterId, path, title } = this._options;
    return { cluster_id: clusterId, plot: path, title };
  }

  protected override live(): IDisposable {
    const { clusters } = this._options;
    const attached = clusters.attach();
    clusters.changed.connect(this.update, this);
    this._isLive = true;
    this.update();
    return new DisposableDelegate(() => {
      clusters.changed.disconnect(this.update, this);
      attached.dispose();
      this._isLive = false;
      this._refused = null;
      this.update();
    });
  }

  /** Show the plot as long as the cluster runs, else what became of it. */
  protected override render(): JSX.Element | null {
    const { clusters, clusterId, trans } = this._options;
    const { clusters: known, state } = clusters.snapshot;
    if (!this._isLive || known === null) {
      return null;
    }
    const cluster = clusters.cluster(clusterId);
    if (cluster && canUse(cluster)) {
      return this._plot(cluster);
    }
    this._refused = null;
    if (cluster) {
      return <p role="status">{overText(cluster, trans)}</p>;
    }
    return state === 'live' ? (
      <p role="status">
        {trans.__(
          'This cluster is not in the list any more, so it has no plots. Close this tab.'
        )}
      </p>
    ) : null;
  }

  private _plot({ name }: Cluster): JSX.Element {
    const { client, clusterId, path, title, trans } = this._options;
    if (this._refused === null) {
      return (
        <iframe
          title={trans.__('%1 of %2', title, name)}
          src={client.dashboardUrl(clusterId, path)}
          onLoad={event => this._onLoad(event.currentTarget)}
        />
      );
    }
    return (
      <>
        <p role="status">{this._refused}</p>
        <button
          className="jp-BatchJobs-button"
          onClick={() => this._refuse(null)}
        >
          {trans.__('Retry')}
        </button>
      </>
    );
  }

  /** Say in words what the server answers instead of a page. */
  private _onLoad(frame: HTMLIFrameElement): void {
    const page = frame.contentDocument;
    if (page?.contentType === 'application/json') {
      const { trans } = this._options;
      this._refuse(
        messageOf(page.body.textContent ?? '') ??
          trans.__('The plot cannot be shown. Your cluster goes on.')
      );
    }
  }

  private _refuse(why: string | null): void {
    this._refused = why;
    this.update();
  }

  private _isLive = false;
  /** Why the server answered no page: it is not asked again before the user says so. */
  private _refused: string | null = null;
}

/** Why there is no plot: what the cluster does instead of running. */
function overText(cluster: Cluster, trans: TranslationBundle): string {
  const state = clusterStateText(cluster, trans).toLocaleLowerCase();
  return stateOf(cluster) === 'starting' || stateOf(cluster) === 'waiting'
    ? trans.__(
        '%1 is %2. Its plot is shown as soon as it runs.',
        cluster.name,
        state
      )
    : trans.__(
        '%1 is %2, and its plots are gone with it. Close this tab.',
        cluster.name,
        state
      );
}

/** The sentence of a problem that the server tells. */
function messageOf(json: string): string | null {
  try {
    const problem: unknown = JSON.parse(json);
    return typeof problem === 'object' &&
      problem !== null &&
      'message' in problem &&
      typeof problem.message === 'string'
      ? problem.message
      : null;
  } catch {
    return null;
  }
}
