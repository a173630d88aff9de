import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { PanelLayout, Widget } from '@lumino/widgets';

import type { IJobStore } from '../tokens';

/** A job in the output of a cell: `{version, job_id, row}`. */
export const JOB_MIME_TYPE = 'application/vnd.jupyterlab-batch.job+json';

/** An empty place in an output; what draws the card is loaded with the first one. */
export class JobCardRenderer extends Widget implements IRenderMime.IRenderer {
  constructor(options: JobCardRenderer.IOptions) {
    super();
    this._options = options;
    this.layout = new PanelLayout();
  }

  /**
   * Draw the job of an output; its data and whether it is trusted can change.
   *
   * What is no job of ours, or of a later version, is shown as the HTML or text beside it.
   */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const widget = await this._makeCard(model).catch((error: Error) =>
      this._makeOther(model, error)
    );
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

  private async _makeCard(model: IRenderMime.IMimeModel): Promise<Widget> {
    const { getJobs, commands, trans } = this._options;
    const [{ readCard }, { JobCardWidget }, jobs] = await Promise.all([
      import('./cardPayload'),
      import('./jobCard'),
      model.trusted ? getJobs() : null
    ]);
    const row = readCard(model.data[JOB_MIME_TYPE]);
    const service = jobs && { jobs, commands };
    return new JobCardWidget({ row, service, trans });
  }

  private readonly _options: JobCardRenderer.IOptions;
}

export namespace JobCardRenderer {
  export interface IOptions {
    /** Asked for the first time a trusted card is drawn. */
    getJobs: () => Promise<IJobStore>;
    /** Makes a renderer for what else the output carries; null if it carries nothing else. */
    createOther: (
      model: IRenderMime.IMimeModel
    ) => IRenderMime.IRenderer | null;
    commands: CommandRegistry;
    trans: TranslationBundle;
  }
}
