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

  /** Draw the job of an output; its data and whether it is trusted can change. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const { getJobs, commands, trans } = this._options;
    const payload = model.data[JOB_MIME_TYPE];
    const [{ readCard }, { JobCardWidget }, jobs] = await Promise.all([
      import('./cardPayload'),
      import('./jobCard'),
      model.trusted ? getJobs() : null
    ]);
    const row = readCard(payload);
    if (this.isDisposed) {
      return;
    }
    const service = jobs && { jobs, commands };
    const layout = this.layout as PanelLayout;
    layout.widgets.forEach(widget => widget.dispose());
    layout.addWidget(new JobCardWidget({ row, service, trans }));
  }

  private readonly _options: JobCardRenderer.IOptions;
}

export namespace JobCardRenderer {
  export interface IOptions {
    /** Asked for the first time a trusted card is drawn. */
    getJobs: () => Promise<IJobStore>;
    commands: CommandRegistry;
    trans: TranslationBundle;
  }
}
