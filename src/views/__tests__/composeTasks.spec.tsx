import { screen, within } from '@testing-library/react';

import type { Issue } from '../../model/contract';
import { setUpForm } from './composeHarness';
import { ableGateway } from './everyForm';
import { fixLocale, makeGateway, makeRow } from './fixtures';

fixLocale();

const ABLE = { gateways: [ableGateway()] };
const SOME = makeGateway();
/** A gateway that has none of it. */
const PLAIN = {
  ...SOME,
  capabilities: { ...SOME.capabilities, dependencies: false },
  limits: { ...SOME.limits, max_gpus: null, max_array_size: null }
};

function fold(name: string): HTMLElement {
  const summary = screen.getByText(name, { selector: 'summary' });
  return summary.closest('details') as HTMLElement;
}

function issueOf(field: string): Issue {
  return {
    field,
    severity: 'error',
    code: 'out_of_range',
    message: `wrong ${field}`,
    limit: null
  };
}

describe('many tasks', () => {
  it('are counted as they are typed, and said on the button', async () => {
    const { user } = setUpForm({}, ABLE);
    expect(fold('Many tasks')).toHaveTextContent('a single job');
    const field = screen.getByRole('textbox', { name: 'Indices of the tasks' });
    await user.type(field, '0..999');
    expect(field).toHaveAccessibleDescription(
      '0..999: 1,000 tasks. At most 100,000 tasks.'
    );
    await user.type(
      screen.getByRole('textbox', { name: 'At most at once' }),
      '10'
    );
    expect(fold('Many tasks')).toHaveTextContent(
      '1,000 tasks, at most 10 at once'
    );
    expect(
      screen.getByRole('button', { name: 'Submit 1,000 tasks' })
    ).toBeVisible();
    expect(
      screen.getByRole('heading', { name: 'Resources for each task' })
    ).toBeVisible();
  });

  it('say at their field what cannot be read', () => {
    setUpForm({ array: 'all' }, ABLE);
    expect(
      screen.getByRole('textbox', { name: 'Indices of the tasks' })
    ).toHaveAccessibleDescription(/such as 0\.\.99/);
    expect(screen.getByRole('button', { name: 'Submit' })).toBeVisible();
  });

  it('and how many at once have each their own problems', () => {
    setUpForm(
      { array: '0..9', max_running: '0' },
      { ...ABLE, issues: [issueOf('spec.array.max_running')] }
    );
    expect(
      screen.getByRole('textbox', { name: 'At most at once' })
    ).toBeInvalid();
    expect(
      screen.getByRole('textbox', { name: 'Indices of the tasks' })
    ).toBeValid();
  });

  it.each([
    ['command', /in the command/],
    ['script', /in the arguments/],
    ['notebook', /output notebook/]
  ] as const)('of a %s learn their index', (kind, words) => {
    setUpForm({ kind }, ABLE);
    expect(fold('Many tasks')).toHaveTextContent(words);
  });

  it('that vary parameters are kept, or given up', async () => {
    const { user, onChange } = setUpForm(
      {
        other_array: {
          kind: 'parameters',
          mode: 'product',
          parameters: { seed: { start: 0, stop: 9 }, band: { values: ['g'] } }
        }
      },
      ABLE
    );
    expect(fold('Many tasks')).toHaveTextContent(
      '10 tasks that vary seed, band, as in the job before.'
    );
    await user.click(
      screen.getByRole('button', { name: 'Choose other tasks', hidden: true })
    );
    expect(onChange).toHaveBeenCalledWith({ other_array: null, array: '' });
  });

  it('are not offered where there can be none, but said if they were asked', () => {
    const { container } = setUpForm({}, { gateways: [PLAIN] });
    expect(container).not.toHaveTextContent('Many tasks');
    setUpForm({ array: '0..9' }, { gateways: [PLAIN] });
    expect(fold('Many tasks')).toHaveTextContent('10 tasks');
  });
});

describe('waiting for other jobs', () => {
  const choices = [
    makeRow({ name: 'second', phase: 'QUEUED' }, 2),
    makeRow({ name: 'first', phase: 'COMPLETED' }, 1)
  ];

  it('is chosen by job and by how that ends', async () => {
    const { user, onChange } = setUpForm({}, { ...ABLE, choices });
    await user.click(within(fold('After other jobs')).getByText(/^After/));
    await user.click(screen.getByRole('button', { name: 'Add job' }));
    const job = screen.getByRole('combobox', { name: 'Job to wait for, 1' });
    expect(job).toHaveDisplayValue('second · Queued');
    await user.selectOptions(job, 'first · Completed');
    await user.selectOptions(
      screen.getByRole('combobox', { name: 'When job 1' }),
      'is over, however it ended'
    );
    expect(onChange).toHaveBeenLastCalledWith({
      depends_on: [{ job_id: choices[1].id, when: 'finished' }]
    });
    expect(fold('After other jobs')).toHaveTextContent('waits for 1 job');
    await user.click(screen.getByRole('button', { name: 'Remove job 1' }));
    expect(onChange).toHaveBeenLastCalledWith({ depends_on: [] });
  });

  it('says beside each job what is wrong with it', () => {
    setUpForm(
      {
        depends_on: [
          { job_id: choices[0].id, when: 'succeeded' },
          { job_id: 'gone', when: 'succeeded' }
        ]
      },
      { ...ABLE, choices, issues: [issueOf('spec.depends_on[1].job_id')] }
    );
    const [one, other] = within(fold('After other jobs')).getAllByRole(
      'combobox',
      { name: /^Job to wait for/, hidden: true }
    );
    expect(one).toBeValid();
    expect(other).toBeInvalid();
    expect(other).toHaveDisplayValue('gone');
  });

  it('is not offered where no job can wait', () => {
    const { container } = setUpForm({}, { gateways: [PLAIN], choices });
    expect(container).not.toHaveTextContent('After other jobs');
  });

  it('ends when another gateway is chosen: its jobs are others', async () => {
    const { user, onChange } = setUpForm({}, { choices });
    await user.selectOptions(
      screen.getByRole('combobox', { name: 'Gateway' }),
      'local'
    );
    expect(onChange).toHaveBeenLastCalledWith(
      expect.objectContaining({ gateway_id: 'local', depends_on: [] })
    );
  });
});

describe('GPUs', () => {
  it('are asked for where there are some', async () => {
    const { user, onChange } = setUpForm({}, ABLE);
    const field = screen.getByRole('textbox', { name: 'GPUs' });
    expect(field).toHaveAccessibleDescription('At most 4.');
    await user.type(field, '2');
    expect(onChange).toHaveBeenLastCalledWith({ gpus: '2' });
  });

  it('are not where there are none', () => {
    setUpForm({}, { gateways: [PLAIN] });
    expect(screen.queryByRole('textbox', { name: 'GPUs' })).toBeNull();
  });
});
