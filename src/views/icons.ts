import { LabIcon } from '@jupyterlab/ui-components';

import type { Phase } from '../model/contract';

const CIRCLE =
  '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6"/>';

/** An icon of 16 by 16 that takes the colour of the text around it. */
function drawIcon(name: string, shapes: string): LabIcon {
  return new LabIcon({
    name: `jupyterlab-batch:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">${shapes}</svg>`
  });
}

const queuedIcon = drawIcon(
  'queued',
  CIRCLE +
    '<path d="M8 4.5V8l2.4 1.6" fill="none" stroke="currentColor" stroke-width="1.6"/>'
);
const heldIcon = drawIcon(
  'held',
  CIRCLE +
    '<path d="M6.3 5.5v5M9.7 5.5v5" stroke="currentColor" stroke-width="1.6"/>'
);
const runningIcon = drawIcon(
  'running',
  '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="28 11"/>' +
    '<path d="M6.4 5.2l4.4 2.8-4.4 2.8z" fill="currentColor"/>'
);
const completedIcon = drawIcon(
  'completed',
  CIRCLE +
    '<path d="M5 8.2l2.1 2.1L11 6" fill="none" stroke="currentColor" stroke-width="1.6"/>'
);
const failedIcon = drawIcon(
  'failed',
  '<path d="M8 1.6l6.4 6.4L8 14.4 1.6 8z" fill="none" stroke="currentColor" stroke-width="1.5"/>' +
    '<path d="M8 4.8v4M8 10.4v1.2" stroke="currentColor" stroke-width="1.6"/>'
);
const cancelledIcon = drawIcon(
  'cancelled',
  CIRCLE + '<path d="M5 8h6" stroke="currentColor" stroke-width="1.6"/>'
);
const unknownIcon = drawIcon(
  'unknown',
  '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.5 2"/>' +
    '<path d="M6.2 6.2a1.9 1.9 0 1 1 2.6 1.8c-.6.3-.8.6-.8 1.2M8 11v1" fill="none" stroke="currentColor" stroke-width="1.4"/>'
);

/** A page with lines: the log of a job. */
export const logIcon = drawIcon(
  'log',
  '<path d="M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3" fill="none" stroke="currentColor" stroke-width="1.3"/>'
);

/** A page that leaves a box: the output of a job. */
export const outputIcon = drawIcon(
  'output',
  '<path d="M7 3H3v10h10V9M9 3h4v4M13 3L7.5 8.5" fill="none" stroke="currentColor" stroke-width="1.4"/>'
);

/** A way that leads round to its begin: run once more. */
export const resubmitIcon = drawIcon(
  'resubmit',
  '<path d="M12.6 6.2A5.2 5.2 0 1 0 13.2 8.6M13 2.8v3.6H9.4" fill="none" stroke="currentColor" stroke-width="1.4"/>'
);

/** Three machines that are one: a Dask cluster. */
export const clusterIcon = drawIcon(
  'cluster',
  '<circle cx="8" cy="3.2" r="1.9" fill="none" stroke="currentColor" stroke-width="1.5"/>' +
    '<circle cx="3.2" cy="12.6" r="1.9" fill="none" stroke="currentColor" stroke-width="1.5"/>' +
    '<circle cx="12.8" cy="12.6" r="1.9" fill="none" stroke="currentColor" stroke-width="1.5"/>' +
    '<path d="M8 5.1V9M8 9L4.6 11.3M8 9l3.4 2.3" fill="none" stroke="currentColor" stroke-width="1.5"/>'
);

/** Arrows to both sides: more or fewer workers. */
export const scaleIcon = drawIcon(
  'scale',
  '<path d="M6.5 8H2M4 5.5L1.5 8L4 10.5M9.5 8H14M12 5.5L14.5 8L12 10.5M8 3.5v9" fill="none" stroke="currentColor" stroke-width="1.4"/>'
);

/** The icon of a phase. */
export function phaseIcon(phase: Phase): LabIcon {
  switch (phase) {
    case 'PENDING':
    case 'QUEUED':
      return queuedIcon;
    case 'HELD':
    case 'SUSPENDED':
      return heldIcon;
    case 'EXECUTING':
      return runningIcon;
    case 'COMPLETED':
    case 'ARCHIVED':
      return completedIcon;
    case 'ERROR':
      return failedIcon;
    case 'ABORTED':
      return cancelledIcon;
    case 'UNKNOWN':
      return unknownIcon;
  }
}
