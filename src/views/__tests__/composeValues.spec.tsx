import { screen, within } from '@testing-library/react';

import type { Parameter } from '../../model/parameters';
import { setUpForm } from './composeHarness';
import { fixLocale } from './fixtures';

fixLocale();

const PARAMETERS: Parameter[] = ['n_walkers', 'label'].map(name => ({
  name,
  typeHint: null,
  source: '32',
  value: 32,
  comment: null
}));

describe('parameters', () => {
  it('with a value for each task are counted as they are typed', async () => {
    const { user } = setUpForm({}, { parameters: PARAMETERS });
    const value = screen.getByRole('textbox', { name: 'Value of n_walkers' });
    await user.type(value, '0..999');
    const row = screen.getByRole('row', { name: /n_walkers/ });
    expect(within(row).getAllByRole('cell')[1]).toHaveTextContent('1,000');
    expect(
      screen.getByRole('button', { name: 'Submit 1,000 tasks' })
    ).toBeVisible();
    await user.type(
      screen.getByRole('textbox', { name: 'Value of label' }),
      '"g", "r"'
    );
    expect(
      screen.getByRole('button', { name: 'Submit 2,000 tasks' })
    ).toBeVisible();
    await user.selectOptions(
      screen.getByRole('combobox', { name: 'How the values go together' }),
      'Side by side'
    );
    expect(
      screen.getByRole('button', { name: /Problem|Side by side, all need/ })
    ).toBeVisible();
  });

  it('are taken from the column of a file', async () => {
    const { user, onChange, onChooseColumn } = setUpForm(
      {},
      { parameters: PARAMETERS }
    );
    onChooseColumn.mockImplementation(write => write('@t.csv[ra]'));
    await user.click(
      screen.getByRole('button', {
        name: 'Take n_walkers from the column of a file…'
      })
    );
    expect(onChange).toHaveBeenLastCalledWith({
      parameters: { n_walkers: '@t.csv[ra]' }
    });
  });

  it('of a command vary under names of their own', async () => {
    const { user, onChange } = setUpForm({
      kind: 'command',
      command: 'run {seed}'
    });
    await user.click(
      screen.getByRole('button', {
        name: 'Add parameter that varies from task to task'
      })
    );
    await user.type(
      screen.getByRole('textbox', { name: 'Name of the parameter' }),
      'seed'
    );
    await user.type(
      screen.getByRole('textbox', { name: 'Value of seed' }),
      '1, 2, 5'
    );
    expect(
      screen.getByRole('button', { name: 'Submit 3 tasks' })
    ).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Remove seed' }));
    expect(onChange).toHaveBeenLastCalledWith({ varied: [] });
  });
});
