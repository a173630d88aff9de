/** What a command of one job takes. */
export const JOB_ARGS = {
  args: {
    type: 'object',
    properties: {
      job_id: {
        type: 'string',
        description: 'The job; by default the one whose menu is open'
      }
    }
  }
} as const;

/** What the command that runs a job once more takes: what its dialog begins with. */
export const RESUBMIT_ARGS = {
  args: {
    type: 'object',
    properties: {
      ...JOB_ARGS.args.properties,
      task_indices: {
        type: 'array',
        items: { type: 'integer' },
        description: 'Of an array, just these tasks'
      },
      memory: { type: 'string', description: 'Such as 12 GB' },
      walltime: { type: 'string', description: 'Such as 2 h' }
    }
  }
} as const;

/** What a command of one cluster takes. */
export const CLUSTER_ARGS = {
  args: {
    type: 'object',
    properties: {
      cluster_id: {
        type: 'string',
        description: 'The cluster; by default the one whose menu is open'
      }
    }
  }
} as const;

/** What the command that asks for a new cluster takes. */
export const NEW_CLUSTER_ARGS = {
  args: {
    type: 'object',
    properties: {
      template: {
        type: 'string',
        description: 'The text of a template that the form begins with'
      }
    }
  }
} as const;

let menuJobId = '';
let menuClusterId = '';

/**
 * Remember whose menu is opened.
 *
 * A row that moves to another group while its menu is open is another element: what JupyterLab
 * finds then is no longer in the page.
 */
export function watchMenus(): void {
  document.addEventListener(
    'contextmenu',
    ({ target }) => {
      const node =
        target instanceof Element
          ? target.closest<HTMLElement>('[data-job-id], [data-cluster-id]')
          : null;
      menuJobId = node?.dataset.jobId ?? '';
      menuClusterId = node?.dataset.clusterId ?? '';
    },
    true
  );
}

/** The job that a command means: the given one, or the one whose menu is open. */
export function jobIdOf(args: { job_id?: unknown }): string {
  return typeof args.job_id === 'string' ? args.job_id : menuJobId;
}

/** The cluster that a command means: the given one, or the one whose menu is open. */
export function clusterIdOf(args: { cluster_id?: unknown }): string {
  return typeof args.cluster_id === 'string' ? args.cluster_id : menuClusterId;
}
