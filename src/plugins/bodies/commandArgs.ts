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
      },
      plot: { type: 'string', description: 'A page of its dashboard' }
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

/** How a command gets its file. */
export const FILE_ARGS = {
  args: {
    type: 'object',
    properties: {
      path: {
        type: 'string',
        description: 'What to run; by default what is selected'
      },
      isFromBrowser: {
        type: 'boolean',
        description: 'Take the file that is selected in the file browser'
      },
      isFromEditor: {
        type: 'boolean',
        description: 'Take the file of the notebook or editor in front'
      }
    }
  }
} as const;

/** How a command gets its script. */
export const SCRIPT_ARGS = {
  args: {
    type: 'object',
    properties: {
      path: {
        type: 'string',
        description: 'Of the script; by default it is asked for'
      },
      isFromBrowser: FILE_ARGS.args.properties.isFromBrowser,
      isFromEditor: FILE_ARGS.args.properties.isFromEditor
    }
  }
} as const;

/** How a command gets its template. */
export const TEMPLATE_ARGS = {
  args: {
    type: 'object',
    properties: {
      path: {
        type: 'string',
        description: 'Of the template; by default it is asked for'
      }
    }
  }
} as const;

/** What a new form begins with. */
export const NEW_JOB_ARGS = {
  args: {
    type: 'object',
    properties: {
      draft: {
        type: 'string',
        description: 'The key of a form that was kept'
      },
      isLauncher: {
        type: 'boolean',
        description: 'The command stands in the launcher'
      }
    }
  }
} as const;

/** What the command that shows the panel takes. */
export const SHOW_ARGS = {
  args: {
    type: 'object',
    properties: {
      job_id: {
        type: 'string',
        description: 'The job to put the focus on'
      },
      cluster_id: {
        type: 'string',
        description: 'The Dask cluster to put the focus on'
      }
    }
  }
} as const;

/** What the table begins with. */
export const TABLE_ARGS = {
  args: {
    type: 'object',
    properties: {
      query: {
        type: 'string',
        description: 'Which jobs are shown, as typed in the filter'
      }
    }
  }
} as const;
