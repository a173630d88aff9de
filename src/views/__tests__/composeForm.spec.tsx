import { screen, within } from '@testing-library/react';

import { BatchError } from '../../api/errors';
import type { Issue } from '../../model/contract';
import { setUpForm } from './composeHarness';
import { fixLocale } from './fixtures';

fixLocale();

const NOT_FOUND: Issue = {
  field: 'spec.task.path',
  severity: 'error',
  code: 'not_found',
  message: 'There is no such notebook.',
  limit: null
};
const OVER_QUEUE: Issue = {
  field: 'spec.resources.walltime_seconds',
  severity: 'warning',
  code: 'over_queue',
  message: 'The queue short allows 1 hour.',
  limit: 3600
};

function submitButton(): HTMLElement {
  return screen.getByRole('button', { name: /^Submit/ });
}

describe('submitting', () => {
  it('takes one click where nothing stands in the way', async () => {
    const { user, onSubmit } = setUpForm();
    expect(screen.getByText('Nothing stands in the way')).toBeVisible();
    expect(submitButton()).toHaveAttribute('aria-disabled', 'false');
    await user.click(submitButton());
    expect(onSubmit).toHaveBeenCalledTimes(1);
    expect(onSubmit).toHaveBeenCalledWith(false);
  });

  it('takes Ctrl+Enter from any field', async () => {
    const { user, onSubmit } = setUpForm();
    await user.click(screen.getByRole('textbox', { name: 'Memory' }));
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(onSubmit).toHaveBeenCalledWith(false);
  });

  it('is not done by Enter alone: a slip would start a job', async () => {
    const { user, onSubmit } = setUpForm();
    await user.click(screen.getByRole('textbox', { name: 'Memory' }));
    await user.keyboard('{Enter}');
    expect(onSubmit).not.toHaveBeenCalled();
  });

  it('says Submit anyway while there are warnings', async () => {
    const { user, onSubmit } = setUpForm({}, { issues: [OVER_QUEUE] });
    await user.click(screen.getByRole('button', { name: 'Submit anyway' }));
    expect(onSubmit).toHaveBeenCalledWith(true);
  });

  it('leads to the first error instead while there is one', async () => {
    const { user, onSubmit } = setUpForm(
      {},
      { issues: [OVER_QUEUE, NOT_FOUND] }
    );
    expect(submitButton()).toHaveAttribute('aria-disabled', 'true');
    await user.click(submitButton());
    expect(onSubmit).not.toHaveBeenCalled();
    expect(screen.getByRole('textbox', { name: 'Notebook' })).toHaveFocus();
  });

  it('leads to an error and has it looked at once more: its cause may be gone', async () => {
    const { user, onLookAgain } = setUpForm({}, { issues: [NOT_FOUND] });
    await user.click(submitButton());
    expect(onLookAgain).toHaveBeenCalledTimes(1);
  });

  it('is not stopped by what the server said of earlier contents', async () => {
    const { user, onSubmit } = setUpForm(
      {},
      { issues: [NOT_FOUND], isChecking: true, areIssuesOld: true }
    );
    expect(submitButton()).toHaveAttribute('aria-disabled', 'false');
    await user.click(submitButton());
    expect(onSubmit).toHaveBeenCalledWith(false);
    expect(screen.getByRole('textbox', { name: 'Notebook' })).not.toHaveFocus();
  });

  it('leads there by Ctrl+Enter as well', async () => {
    const { user, onSubmit } = setUpForm({ cores: 'two' });
    await user.click(screen.getByRole('textbox', { name: 'Name' }));
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(onSubmit).not.toHaveBeenCalled();
    expect(screen.getByRole('textbox', { name: 'Cores' })).toHaveFocus();
  });

  it('that was refused may be tried again as it is: a quota may be free by now', async () => {
    const refusal: Issue = {
      ...NOT_FOUND,
      field: 'spec.placement.account',
      code: 'gateway_refused',
      message: 'Job violates accounting policy'
    };
    const { user, onSubmit } = setUpForm({}, { issues: [refusal] });
    expect(
      screen.getByRole('combobox', { name: 'Account' })
    ).toHaveAccessibleDescription(/violates accounting policy/);
    expect(submitButton()).toHaveAttribute('aria-disabled', 'false');
    await user.click(submitButton());
    expect(onSubmit).toHaveBeenCalledWith(false);
  });

  it('is not done twice while the first try runs', async () => {
    const { user, onSubmit } = setUpForm({}, { isSubmitting: true });
    await user.click(screen.getByRole('button', { name: 'Submitting…' }));
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(onSubmit).not.toHaveBeenCalled();
  });

  it('is over once there is a job, which opens from here', async () => {
    const { user, onSubmit, onOpenJob, onSubmitAnother } = setUpForm(
      {},
      { jobId: 'job-7' }
    );
    expect(screen.queryByRole('button', { name: /^Submit$/ })).toBeNull();
    expect(screen.getByRole('status')).toHaveTextContent(/submitted/i);
    await user.click(screen.getByRole('button', { name: 'Open job' }));
    expect(onOpenJob).toHaveBeenCalledWith('job-7');
    await user.click(screen.getByRole('textbox', { name: 'Name' }));
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(onSubmit).not.toHaveBeenCalled();
    await user.click(
      screen.getByRole('button', { name: 'Submit as another job' })
    );
    expect(onSubmitAnother).toHaveBeenCalledTimes(1);
  });
});

describe('what is typed', () => {
  it('survives Escape', async () => {
    const { user, onChange } = setUpForm({ name: '' });
    await user.type(screen.getByRole('textbox', { name: 'Name' }), 'run 7');
    onChange.mockClear();
    await user.keyboard('{Escape}');
    expect(screen.getByRole('textbox', { name: 'Name' })).toHaveValue('run 7');
    expect(onChange).not.toHaveBeenCalled();
  });

  it('survives a change of the kind and back', async () => {
    const { user } = setUpForm();
    await user.click(screen.getByRole('radio', { name: 'Command' }));
    await user.type(screen.getByRole('textbox', { name: 'Command' }), 'ls -l');
    await user.click(screen.getByRole('radio', { name: 'Notebook' }));
    expect(screen.getByRole('textbox', { name: 'Notebook' })).toHaveValue(
      'work/fit.ipynb'
    );
    await user.click(screen.getByRole('radio', { name: 'Command' }));
    expect(screen.getByRole('textbox', { name: 'Command' })).toHaveValue(
      'ls -l'
    );
  });

  it('names the job after its file until it has a name of its own', async () => {
    const { user } = setUpForm({ path: '', name: '' });
    const path = screen.getByRole('textbox', { name: 'Notebook' });
    const name = screen.getByRole('textbox', { name: 'Name' });
    await user.type(path, 'a/b.ipynb');
    expect(name).toHaveValue('b');
    await user.type(name, '!');
    await user.type(path, 'x');
    expect(name).toHaveValue('b!');
  });

  it('moves between kinds by arrow keys', async () => {
    const { user } = setUpForm();
    const kinds = screen.getByRole('radiogroup', { name: 'What to run' });
    within(kinds).getByRole('radio', { name: 'Notebook' }).focus();
    await user.keyboard('{ArrowRight}');
    expect(within(kinds).getByRole('radio', { name: 'Script' })).toBeChecked();
    expect(screen.getByRole('textbox', { name: 'Arguments' })).toBeVisible();
  });
});

describe('problems', () => {
  it('stand at their field, which is marked and described by them', () => {
    setUpForm({}, { issues: [NOT_FOUND] });
    const field = screen.getByRole('textbox', { name: 'Notebook' });
    expect(field).toBeInvalid();
    expect(field).toHaveAccessibleDescription(/There is no such file/);
  });

  it('stand in a list too, from where one gets to the field', async () => {
    const { user } = setUpForm({}, { issues: [OVER_QUEUE, NOT_FOUND] });
    const list = screen.getByRole('list', { name: 'Problems' });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map(item => item.textContent)
    ).toEqual([
      'Notebook: There is no such file',
      'Time limit: The queue has at most 1 h'
    ]);
    await user.click(within(list).getByRole('button', { name: /^Time limit/ }));
    expect(screen.getByRole('textbox', { name: 'Time limit' })).toHaveFocus();
    await user.click(screen.getByRole('button', { name: '2 problems' }));
    expect(screen.getByRole('textbox', { name: 'Notebook' })).toHaveFocus();
  });

  it('are all said at once in the order of the form, whoever found them', () => {
    const memory = { ...OVER_QUEUE, field: 'spec.resources.memory_bytes' };
    setUpForm({ memory: '8 GX' }, { issues: [OVER_QUEUE, NOT_FOUND, memory] });
    expect(
      screen.getAllByRole('listitem').map(item => item.textContent)
    ).toEqual([
      'Notebook: There is no such file',
      'Memory: A number with its unit, such as 8 GB',
      'Time limit: The queue has at most 1 h'
    ]);
    expect(submitButton()).toHaveAttribute('aria-disabled', 'true');
  });

  it('unfold what hides their field', async () => {
    const { user } = setUpForm(
      {},
      { issues: [{ ...NOT_FOUND, field: 'spec.files.working_directory' }] }
    );
    await user.click(submitButton());
    const field = screen.getByRole('textbox', { name: 'Working directory' });
    expect(field.closest('details')).toHaveAttribute('open');
    expect(field).toHaveFocus();
  });

  it('of an empty field are not shouted before one was there', async () => {
    const { user } = setUpForm({ cores: '' });
    const cores = screen.getByRole('textbox', { name: 'Cores' });
    expect(cores).not.toHaveAccessibleDescription(/Fill this in/);
    await user.click(cores);
    await user.tab();
    expect(cores).toHaveAccessibleDescription(/Fill this in/);
  });

  it('of a text that cannot be sent stand there at once', async () => {
    const { user } = setUpForm();
    const memory = screen.getByRole('textbox', { name: 'Memory' });
    await user.clear(memory);
    await user.type(memory, 'much');
    expect(memory).toHaveAccessibleDescription(
      'A number with its unit, such as 8 GB'
    );
  });

  it('of a variable stand beside it', async () => {
    const { user } = setUpForm(
      {
        variables: [{ name: 'TOKEN', value: 'x', isFromFile: false }]
      },
      {
        issues: [
          {
            ...NOT_FOUND,
            field: 'spec.environment.variables.TOKEN',
            code: 'secret_literal',
            message: 'This looks like a secret.'
          }
        ]
      }
    );
    await user.click(submitButton());
    const name = screen.getByRole('textbox', { name: 'Name of the variable' });
    expect(name).toHaveFocus();
    expect(name).toBeInvalid();
    expect(name).toHaveAccessibleDescription(/looks like a secret/);
  });

  it('of a parameter describe its value', () => {
    setUpForm({ parameters: { n: '1 +' } });
    const value = screen.queryByRole('textbox', { name: 'Value of n' });
    // Without the notebook its parameters are not known: the list says it.
    expect(value).toBeNull();
    expect(screen.getByRole('listitem')).toHaveTextContent(
      'Parameters n: Not a value'
    );
  });

  it('of a call are said aloud, and the form is kept', () => {
    const error = new BatchError('x', { status: 0, isOffline: true });
    setUpForm({}, { error });
    expect(screen.getByRole('alert')).toHaveTextContent(/forms are kept/);
    expect(screen.getByRole('textbox', { name: 'Name' })).toHaveValue('fit');
  });
});
