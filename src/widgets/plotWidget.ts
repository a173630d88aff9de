import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import '../../style/base.css';
import '../../style/clusterPage.css';
import type { IClusterClient, IClusterStore } from '../clusterTokens';
import { canUse, stateOf } from '../model/cluster';
import type { Cluster } from '../model/contract';
import { batchIcon } from '../views/batchIcon';
import { clusterStateText } from '../views/text/clusterText';

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
export class PlotContent extends Widget {
  constructor(private readonly _options: PlotWidget.IOptions) {
    super();
    this.addClass('jp-BatchJobs-plotTab');
    this._options.clusters.changed.connect(this._look, this);
  }

  /** What opens it again. */
  get opensWith(): ReadonlyJSONObject {
    const { clusterId, path, title } = this._options;
    return { cluster_id: clusterId, plot: path, title };
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._options.clusters.changed.disconnect(this._look, this);
      this._rest();
      super.dispose();
    }
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._begin();
  }

  protected override onBeforeDetach(msg: Message): void {
    this._rest();
    super.onBeforeDetach(msg);
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._begin();
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._rest();
  }

  private _begin(): void {
    if (this.isVisible && !this._lives) {
      const attached = this._options.clusters.attach();
      this._lives = new DisposableDelegate(() => attached.dispose());
      this._look();
    }
  }

  private _rest(): void {
    this._lives?.dispose();
    this._lives = null;
    this._clear();
  }

  /** Show the plot as long as the cluster runs, else what became of it. */
  private _look(): void {
    const { clusters, clusterId, trans } = this._options;
    const { clusters: known, state } = clusters.snapshot;
    if (!this._lives || known === null) {
      return;
    }
    const cluster = clusters.cluster(clusterId);
    if (cluster && canUse(cluster)) {
      this._show(cluster);
    } else if (cluster) {
      this._say(overText(cluster, trans));
    } else if (state === 'live') {
      this._say(
        trans.__(
          'This cluster is not in the list any more, so it has no plots. Close this tab.'
        )
      );
    }
  }

  private _show({ name }: Cluster): void {
    if (this._frame || this._isRefused) {
      return;
    }
    const { client, clusterId, path, title, trans } = this._options;
    const frame = document.createElement('iframe');
    frame.title = trans.__('%1 of %2', title, name);
    frame.src = client.dashboardUrl(clusterId, path);
    frame.addEventListener('load', () => this._onLoad(frame));
    this._clear();
    this._frame = frame;
    this.node.append(frame);
  }

  /** Say in words what the server answers instead of a page. */
  private _onLoad(frame: HTMLIFrameElement): void {
    const page = frame.contentDocument;
    if (frame === this._frame && page?.contentType === 'application/json') {
      const { trans } = this._options;
      this._say(
        messageOf(page.body.textContent ?? '') ??
          trans.__('The plot cannot be shown. Your cluster goes on.'),
        () => {
          this._clear();
          this._look();
        }
      );
      this._isRefused = true;
    }
  }

  private _say(text: string, retry?: () => void): void {
    if (this._said === text) {
      return;
    }
    this._clear();
    this._said = text;
    const said = document.createElement('p');
    said.setAttribute('role', 'status');
    said.textContent = text;
    this.node.append(said);
    if (retry) {
      const button = document.createElement('button');
      button.className = 'jp-BatchJobs-button';
      button.textContent = this._options.trans.__('Retry');
      button.addEventListener('click', retry);
      this.node.append(button);
    }
  }

  private _clear(): void {
    this._frame = null;
    this._said = null;
    this._isRefused = false;
    this.node.replaceChildren();
  }

  private _lives: IDisposable | null = null;
  private _frame: HTMLIFrameElement | null = null;
  /** What is said instead of a plot; null while there is one. */
  private _said: string | null = null;
  /** The server answered no page: it is not asked again before the user says so. */
  private _isRefused = false;
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
