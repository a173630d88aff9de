import { LabIcon } from '@jupyterlab/ui-components';

/** The sign of this extension: a list of work, one of it running. */
export const batchIcon = new LabIcon({
  name: 'jupyterlab-batch:batch',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3 jp-icon-selectable" fill="#616161"><path d="M3 4h15v2.5H3zM3 9h15v2.5H3zM3 14h8v2.5H3zM13.5 13v8l7-4z"/></g></svg>'
});
