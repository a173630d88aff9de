import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { PanelLayout, Widget } from '@lumino/widgets';

/** A job in the output of a cell: `{version, job_id, row}`. */
export const JOB_MIME_TYPE = 'application/vnd.jupyterlab-batch.job+json';

/** A Dask cluster in the output of a cell: `{version, cluster_id, as_of, row}`. */
export const CLUSTER_MIME_TYPE =
  'application/vnd.jupyterlab-batch.cluster+json';

/** An empty place in an output; what draws the card is loaded with the first one. */
export class CardRenderer extends Widget implements IRenderMime.IRenderer {
  constructor(private readonly _options: CardRenderer.IOptions) {
    super();
    this.layout = new PanelLayout();
  }

  /**
   * Draw the card of an output; its data and whether it is trusted can change.
   *
   * What is no card of ours, or of a later version, is shown as the HTML or text beside it.
   */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const widget = await this._options
      .makeCard(model)
      .catch((error: Error) => this._makeOther(model, error));
    if (this.isDisposed) {
      widget.dispose();
      return;
    }
    const layout = this.layout as PanelLayout;
    [...layout.widgets].forEach(old => old.dispose());
    layout.addWidget(widget);
  }

  private async _makeOther(
    model: IRenderMime.IMimeModel,
    error: Error
  ): Promise<Widget> {
    const other = this._options.createOther(model);
    if (!other) {
      throw error;
    }
    await other.renderModel(model);
    return other;
  }
}

export namespace CardRenderer {
  export interface IOptions {
    /** Loads what draws the card, and makes it; rejects what is no card. */
    makeCard: (model: IRenderMime.IMimeModel) => Promise<Widget>;
    /** Makes a renderer for what else the output carries; null if it carries nothing else. */
    createOther: (
      model: IRenderMime.IMimeModel
    ) => IRenderMime.IRenderer | null;
  }
}
