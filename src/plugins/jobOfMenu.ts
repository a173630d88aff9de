import type * as Descriptions from './bodies/commandArgs';

/** Say what commands take once somebody asks for it: few do, and nobody at start. */
export function later(name: keyof typeof Descriptions) {
  return async () => (await import('./bodies/commandArgs'))[name];
}

/** What a command of one job takes. */
export const JOB_ARGS = later('JOB_ARGS');

/** What the command that runs a job once more takes: what its dialog begins with. */
export const RESUBMIT_ARGS = later('RESUBMIT_ARGS');

/** What a command of one cluster takes. */
export const CLUSTER_ARGS = later('CLUSTER_ARGS');

/** What the command that asks for a new cluster takes. */
export const NEW_CLUSTER_ARGS = later('NEW_CLUSTER_ARGS');

let menuJobId = '';
let menuClusterId = '';

/**
 * Remember whose menu is opened, until something else is done than to choose from it: a command
 * that comes from elsewhere, such as the palette, means no row.
 *
 * A row that moves to another group while its menu is open is another element: what JupyterLab
 * finds then is no longer in the page.
 */
export function watchMenus(): void {
  const note = ({ type, target }: Event): void => {
    const at = target instanceof Element ? target : null;
    if (!at?.closest('.lm-Menu')) {
      const node =
        type === 'contextmenu'
          ? at?.closest<HTMLElement>('[data-job-id], [data-cluster-id]')
          : null;
      menuJobId = node?.dataset.jobId ?? '';
      menuClusterId = node?.dataset.clusterId ?? '';
    }
  };
  for (const type of ['contextmenu', 'pointerdown', 'keydown']) {
    document.addEventListener(type, note, true);
  }
}

/** The job that a command means: the given one, or the one whose menu is open. */
export function jobIdOf(args: { job_id?: unknown }): string {
  return typeof args.job_id === 'string' ? args.job_id : menuJobId;
}

/** The cluster that a command means: the given one, or the one whose menu is open. */
export function clusterIdOf(args: { cluster_id?: unknown }): string {
  return typeof args.cluster_id === 'string' ? args.cluster_id : menuClusterId;
}
