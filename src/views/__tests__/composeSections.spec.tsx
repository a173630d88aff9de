import { screen, within } from '@testing-library/react';

import type { Parameter } from '../../model/parameters';
import { setUpForm } from './composeHarness';
import { fixLocale, makeGateway } from './fixtures';

fixLocale();

const PARAMETERS: Parameter[] = [
  {
    name: 'n_walkers',
    typeHint: 'int',
    source: '32',
    value: 32,
    comment: 'of the sampler'
  },
  {
    name: 'label',
    typeHint: null,
    source: "'i'",
    value: 'i',
    comment: null
  }
];

describe('parameters', () => {
  it('stand in a table, the notebook’s own values where none is given', () => {
    setUpForm({}, { parameters: PARAMETERS });
    const row = screen.getByRole('row', { name: /n_walkers/ });
    expect(within(row).getByRole('rowheader')).toHaveTextContent(
      'n_walkers: intof the sampler'
    );
    const value = within(row).getByRole('textbox', {
      name: 'Value of n_walkers'
    });
    expect(value).toHaveValue('');
    expect(value).toHaveAttribute('placeholder', '32');
  });

  it('take a value, and give the notebook’s own back when it is cleared', async () => {
    const { user, onChange } = setUpForm({}, { parameters: PARAMETERS });
    const value = screen.getByRole('textbox', { name: 'Value of label' });
    await user.type(value, '1');
    expect(onChange).toHaveBeenLastCalledWith({ parameters: { label: '1' } });
    await user.clear(value);
    expect(onChange).toHaveBeenLastCalledWith({ parameters: {} });
  });

  it('say what is no value, beside it', () => {
    setUpForm({ parameters: { label: 'i' } }, { parameters: PARAMETERS });
    const value = screen.getByRole('textbox', { name: 'Value of label' });
    expect(value).toBeInvalid();
    expect(value).toHaveAccessibleDescription(/Put text in quotes/);
  });

  it('that the notebook does not have are kept and said', () => {
    setUpForm({ parameters: { old: '1' } }, { parameters: PARAMETERS });
    expect(screen.getByRole('row', { name: /old/ })).toHaveTextContent(
      'not in this notebook'
    );
  });

  it('that there are none is said', () => {
    setUpForm({}, { parameters: [] });
    expect(screen.getByText(/This notebook has no parameters/)).toBeVisible();
  });

  it('that are not known are not said to be none', () => {
    setUpForm({}, { parameters: null });
    expect(screen.queryByText(/no parameters/)).toBeNull();
    expect(screen.queryByRole('table')).toBeNull();
  });
});

describe('where', () => {
  it('says what the chosen queue has, and what jobs outlive', async () => {
    const { user, onChange } = setUpForm();
    const queue = screen.getByRole('combobox', { name: 'Queue' });
    expect(queue).toHaveAccessibleDescription('1 h · 2 cores · 4 GB');
    expect(within(queue).getByRole('option', { name: 'Default (short)' }));
    await user.selectOptions(queue, 'long');
    expect(onChange).toHaveBeenCalledWith({ queue: 'long' });
    expect(queue).not.toHaveAccessibleDescription();
    expect(
      screen.getByRole('combobox', { name: 'Gateway' })
    ).toHaveAccessibleDescription(
      'Jobs go on without the Jupyter server. 17 jobs wait there now, of all users.'
    );
  });

  it('says where nothing waits that nothing does', () => {
    const gateway = makeGateway();
    const site = { ...gateway.site, jobs_waiting: 0 };
    setUpForm({}, { gateways: [{ ...gateway, site }] });
    expect(
      screen.getByRole('combobox', { name: 'Gateway' })
    ).toHaveAccessibleDescription(/No job waits there now, of any user\.$/);
  });

  it('forgets queue and account of another gateway', async () => {
    const { user, onChange } = setUpForm({ queue: 'long', account: 'lenses' });
    await user.selectOptions(
      screen.getByRole('combobox', { name: 'Gateway' }),
      'This machine'
    );
    expect(onChange).toHaveBeenCalledWith({
      gateway_id: 'local',
      queue: '',
      account: '',
      qos: '',
      reservation: '',
      features: '',
      native: '',
      depends_on: []
    });
    expect(screen.queryByRole('combobox', { name: 'Queue' })).toBeNull();
    expect(screen.queryByRole('combobox', { name: 'Account' })).toBeNull();
    expect(
      screen.getByRole('combobox', { name: 'Gateway' })
    ).toHaveAccessibleDescription(/end when its machine restarts/);
  });

  it('shows a queue that is not there any more rather than another one', () => {
    setUpForm({ queue: 'gone' });
    expect(screen.getByRole('combobox', { name: 'Queue' })).toHaveValue('gone');
  });
});

describe('resources', () => {
  it('say the limits of the gateway', () => {
    setUpForm();
    expect(
      screen.getByRole('textbox', { name: 'Cores' })
    ).toHaveAccessibleDescription('At most 2.');
    expect(
      screen.getByRole('textbox', { name: 'Memory' })
    ).toHaveAccessibleDescription('At most 8 GB.');
    expect(
      screen.getByRole('textbox', { name: 'Time limit' })
    ).toHaveAccessibleDescription('The job is ended after it.');
  });

  it('say nothing of limits that are not known', () => {
    const gateway = makeGateway();
    gateway.limits = {
      ...gateway.limits,
      max_cores: null,
      max_memory_bytes: null
    };
    gateway.capabilities = { ...gateway.capabilities, walltime_limit: false };
    setUpForm({}, { gateways: [gateway] });
    for (const name of ['Cores', 'Memory', 'Time limit']) {
      expect(
        screen.getByRole('textbox', { name })
      ).not.toHaveAccessibleDescription();
    }
  });
});

describe('environment and files', () => {
  it('variables are added, named and removed', async () => {
    const { user, onChange } = setUpForm();
    await user.click(screen.getByText('Environment'));
    await user.click(screen.getByRole('button', { name: 'Add variable' }));
    await user.type(
      screen.getByRole('textbox', { name: 'Name of the variable' }),
      'SEED'
    );
    await user.type(
      screen.getByRole('textbox', { name: 'Value of SEED' }),
      '7'
    );
    expect(onChange).toHaveBeenLastCalledWith({
      variables: [{ name: 'SEED', value: '7', isFromFile: false }]
    });
    expect(screen.getByText('1 variable')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Remove SEED' }));
    expect(onChange).toHaveBeenLastCalledWith({ variables: [] });
  });

  it('a variable can be read from a file', async () => {
    const { user, onChange } = setUpForm({
      variables: [{ name: 'API_TOKEN', value: 'abc', isFromFile: false }]
    });
    await user.click(screen.getByText('Environment'));
    await user.selectOptions(
      screen.getByRole('combobox', { name: 'Where the value of API_TOKEN is' }),
      'is in file'
    );
    await user.type(
      screen.getByRole('textbox', { name: 'File of API_TOKEN' }),
      '~/t'
    );
    expect(onChange).toHaveBeenLastCalledWith({
      variables: [{ name: 'API_TOKEN', value: '~/t', isFromFile: true }]
    });
  });

  it('outputs are typed as words', async () => {
    const { onChange, user } = setUpForm({ kind: 'command' });
    await user.click(screen.getByText('Files'));
    await user.type(screen.getByRole('textbox', { name: 'Outputs' }), '*.fits');
    expect(onChange).toHaveBeenLastCalledWith({ outputs: '*.fits' });
  });

  it('the logs of tasks need their index, and say so where they are typed', () => {
    const message = 'All tasks would write the same file.';
    const issue = {
      field: 'spec.files.stderr_path',
      severity: 'error',
      code: 'out_of_range',
      message,
      limit: null
    } as const;
    setUpForm({ array: '0..9', stderr_path: 'err' }, { issues: [issue] });
    const log = (name: string) =>
      screen.getByRole('textbox', { name, hidden: true });
    expect(log('Output log')).toHaveAccessibleDescription(
      /\{index\} stands for/
    );
    expect(log('Error log')).toBeInvalid();
    expect(screen.getByRole('listitem')).toHaveTextContent(
      `Error log: ${message}`
    );
  });

  it.each([
    [
      'notebook',
      [
        'Kernel',
        'Working directory',
        'Outputs',
        'Output log',
        'Output notebook'
      ],
      ['Interpreter']
    ],
    [
      'script',
      ['Interpreter', 'Working directory', 'Outputs', 'Error log'],
      ['Kernel', 'Output notebook']
    ],
    [
      'command',
      ['Working directory'],
      ['Kernel', 'Interpreter', 'Output notebook']
    ]
  ] as const)('%s has its own fields', async (kind, there, away) => {
    const { user } = setUpForm({ kind });
    await user.click(screen.getByText('Environment'));
    await user.click(screen.getByText('Files'));
    for (const name of there) {
      expect(screen.getByRole('textbox', { name })).toBeVisible();
    }
    for (const name of away) {
      expect(screen.queryByRole('textbox', { name })).toBeNull();
    }
  });
});

describe('the preview', () => {
  it.each([
    ['Script', '#!/bin/sh\nrun'],
    ['JSON', '{"job": {}}'],
    ['Python', /Batch\(\)|submit\(/],
    ['Magic', /^%+batch submit/m]
  ])('shows the job as %s, to be copied', async (kind, text) => {
    const { user, onCopy } = setUpForm();
    const kinds = screen.getByRole('radiogroup', { name: 'Show as' });
    await user.click(within(kinds).getByRole('radio', { name: kind }));
    const shown = screen.getByLabelText('Preview').textContent ?? '';
    expect(shown).toMatch(text);
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    expect(onCopy).toHaveBeenCalledWith(shown);
  });

  it('does not show what cannot be sent', () => {
    setUpForm({ cores: 'two' });
    expect(screen.getByLabelText('Preview')).toHaveTextContent(
      'Shown when the form has no errors.'
    );
    expect(screen.queryByRole('button', { name: 'Copy' })).toBeNull();
  });

  it('is said to be renewed while the form is checked', () => {
    setUpForm({}, { isChecking: true });
    expect(screen.getByLabelText('Preview')).toHaveAttribute(
      'aria-busy',
      'true'
    );
  });
});
