import { screen, within } from '@testing-library/react';

import type { Gateway, OptionalField } from '../../model/contract';
import { setUpForm } from './composeHarness';
import { makeGateway } from './fixtures';

const ALL: OptionalField[] = [
  'environment.python',
  'environment.conda',
  'environment.modules',
  'environment.image'
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
    'A Python of your own',
    'Container image'
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

it('an image is asked for where the site has a command for it, of notebooks too', async () => {
  const { user, onChange } = setUpForm(
    { environment_kind: 'image' },
    { gateways: [gatewayThatTakes('environment.modules', 'environment.image')] }
  );
  expect(kinds()).toEqual(['As on this server', 'Modules', 'Container image']);
  const field = screen.getByRole('textbox', {
    name: 'Container image',
    hidden: true
  });
  await user.type(field, 'x');
  expect(onChange).toHaveBeenLastCalledWith({ environment: 'x' });
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
