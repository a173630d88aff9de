import type { TranslationBundle } from '@jupyterlab/translation';

import { BatchError } from '../../api/errors';
import type { Draft, Gateway, ImportedSpec } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { setUpForm } from './composeHarness';
import { makeGateway, makeRow } from './fixtures';

export const OFFLINE = new BatchError('x', { status: 0, isOffline: true });

/** A gateway that does not answer. */
export function silentGateway(): Gateway {
  const gateway = makeGateway();
  gateway.health = { ...gateway.health, ok: false };
  return gateway;
}

function drawForm(
  trans: TranslationBundle,
  ...[content, state]: Parameters<typeof setUpForm>
): HTMLElement {
  return setUpForm(content, state, trans).container;
}

const WITH_PROBLEMS: Parameters<typeof setUpForm> = [
  { variables: [{ name: 'SEED', value: '7', isFromFile: false }] },
  {
    gateways: [silentGateway()],
    hasUnsavedNotebook: true,
    error: OFFLINE,
    drafts: [{ ...(readExample('Draft.unsent') as Draft), title: '' }],
    parameters: [
      { name: 'n', typeHint: 'int', source: '3', value: 3, comment: null }
    ],
    issues: [
      {
        field: 'spec.task.path',
        severity: 'error',
        code: 'not_found',
        message: '',
        limit: null
      },
      {
        field: 'spec.resources.cores',
        severity: 'warning',
        code: 'over_queue',
        message: '',
        limit: 2
      }
    ]
  }
];

/** A gateway that can do all that can be asked. */
export function ableGateway(): Gateway {
  const gateway = makeGateway();
  return {
    ...gateway,
    capabilities: { ...gateway.capabilities, dependencies: true },
    limits: { ...gateway.limits, max_gpus: 4, max_array_size: 100_000 }
  };
}

const WITH_TASKS: Parameters<typeof setUpForm> = [
  {
    array: '0..999',
    max_running: '5',
    gpus: '1',
    depends_on: [
      { job_id: makeRow().id, when: 'finished' },
      { job_id: '7', when: 'failed' }
    ]
  },
  {
    gateways: [ableGateway()],
    choices: [makeRow()],
    issues: [
      {
        field: 'spec.depends_on[1].job_id',
        severity: 'error',
        code: 'unknown_job',
        message: '',
        limit: null
      },
      {
        field: 'spec.array.max_running',
        severity: 'warning',
        code: 'out_of_range',
        message: '7',
        limit: 1
      }
    ]
  }
];

const WITH_OTHER_TASKS: Parameters<typeof setUpForm> = [
  {
    other_array: {
      kind: 'parameters',
      mode: 'product',
      parameters: { n: { values: [1, 2] } }
    }
  },
  { gateways: [ableGateway()] }
];

const FROM_SCRIPT: Parameters<typeof setUpForm> = [
  { kind: 'script', environment_kind: 'python', environment: '/home/ada/venv' },
  {
    script: {
      path: 'work/fit.sh',
      gatewayId: 'local',
      imported: readExample('ImportedSpec.script') as ImportedSpec
    }
  }
];

/** Every state of the form in which it says most. */
export const FORMS: [string, (trans: TranslationBundle) => HTMLElement][] = [
  ['a form', trans => drawForm(trans)],
  ['a form for a script', trans => drawForm(trans, { kind: 'script' })],
  ['a form for a command', trans => drawForm(trans, { kind: 'command' })],
  ['a form with problems', trans => drawForm(trans, ...WITH_PROBLEMS)],
  ['a form that was sent', trans => drawForm(trans, {}, { jobId: 'job-7' })],
  ['a form for many tasks', trans => drawForm(trans, ...WITH_TASKS)],
  ['a form from a script', trans => drawForm(trans, ...FROM_SCRIPT)],
  ['a form for varied tasks', trans => drawForm(trans, ...WITH_OTHER_TASKS)]
];
