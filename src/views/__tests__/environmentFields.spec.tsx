import { screen, within } from '@testing-library/react';

import type { Gateway, OptionalField } from '../../model/contract';
import { setUpForm } from './composeHarness';
import { makeGateway } from './fixtures';

const ALL: OptionalField[] = [
  'environment.python',
  'environment.conda',
  'environment.modules'
];

function gatewayThatTakes(...accepts: OptionalField[]): Gateway {
  const gateway = makeGateway();
  return { ...gateway, site: { ...gateway.site, accepts } };
}

function kinds(): string[] {
  const field = screen.getByRole('combobox', { name: 'Environment' });
  return within(field)
    .getAllByRole('option')
    .map(option => option.textContent ?? '');
}

it('what a gateway sets up is asked for, and which', async () => {
  const { user, onChange } = setUpForm(
    { kind: 'script' },
    { gateways: [gatewayThatTakes(...ALL)] }
  );
  await user.click(screen.getByText('Environment', { selector: 'summary' }));
  expect(kinds()).toEqual([
    'As on this server',
    'Modules',
    'Conda',
    'A Python of your own'
  ]);
  await user.selectOptions(
    screen.getByRole('combobox', { name: 'Environment' }),
    'Modules'
  );
  await user.type(screen.getByRole('textbox', { name: 'Modules' }), 'gcc');
  expect(onChange).toHaveBeenLastCalledWith({ environment: 'gcc' });
  expect(
    screen.getByText('Environment', { selector: 'summary' })
  ).toHaveTextContent('Modules gcc');
});

it('a notebook runs in its kernel: it is asked for modules alone', () => {
  setUpForm({}, { gateways: [gatewayThatTakes(...ALL)] });
  expect(kinds()).toEqual(['As on this server', 'Modules']);
});

it('where a gateway sets nothing up, nothing is asked', () => {
  setUpForm({ kind: 'script' }, { gateways: [gatewayThatTakes()] });
  expect(screen.queryByRole('combobox', { name: 'Environment' })).toBeNull();
});

it('what is chosen already stays there, and what the server says stands beside it', () => {
  setUpForm(
    { kind: 'script', environment_kind: 'conda', environment: 'two words' },
    {
      gateways: [gatewayThatTakes()],
      issues: [
        {
          field: 'spec.environment.name',
          severity: 'error',
          code: 'not_allowed',
          message: 'No blanks.',
          limit: null
        }
      ]
    }
  );
  expect(
    screen.getByRole('textbox', { name: 'Conda environment', hidden: true })
  ).toHaveAccessibleDescription(/No blanks\./);
});
