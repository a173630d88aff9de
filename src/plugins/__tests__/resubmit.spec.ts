import { screen, waitFor, within } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import { CommandIDs } from '../../widgets/jobCommands';
import {
  answerDialog,
  eachTestStartsClean,
  expectDialog,
  field,
  notices,
  type
} from './dialogs';
import { startWith } from './oneJob';

// Each test starts an application, and loads what it asks for.
jest.setTimeout(20_000);

eachTestStartsClean();

/** A text as a regular expression finds it. */
function escape(text: string): string {
  return text.replace(/[[\]{}]/g, '\\$&');
}

describe('resubmitting', () => {
  it('asks for what the job asked, sends what differs, and shows the new job', async () => {
    const { client, run, shell } = await startWith({
      phase: 'COMPLETED',
      cores: 1,
      memory_bytes: 2 ** 30,
      walltime_seconds: 3600
    });
    const done = run(CommandIDs.resubmitJob);
    expect(await field('Name')).toHaveValue('job 1');
    const name = await field('Name');
    await waitFor(() => expect(name).toHaveFocus());
    expect(await field('Cores')).toHaveValue('1');
    expect(await field('Memory')).toHaveValue('1GB');
    expect(await field('Time limit')).toHaveValue('1h');
    await type('Name', 'again');
    await type('Cores', '2');
    await userEvent.keyboard('{Enter}');
    await done;
    expect(
      client.count(/^resubmit \w+ {"name":"again","resources":{"cores":2}}$/)
    ).toBe(1);
    expect(shell.active).toBe('jupyterlab-batch-jobs');
    const row = await screen.findByRole('row', { name: /^again/ });
    await waitFor(() => expect(row).toHaveFocus());
  });

  it('of the tasks of one cause runs just these, with what is offered', async () => {
    const { client, run } = await startWith({
      phase: 'ERROR',
      reason: 'tasks_failed',
      memory_bytes: 2 ** 33,
      array: { size: 9, by_phase: { COMPLETED: 6, ERROR: 3 } }
    });
    const done = run(CommandIDs.resubmitJob, {
      task_indices: [3, 5],
      memory: '12 GB'
    });
    expect(await field('Memory')).toHaveValue('12 GB');
    await expectDialog(/Only the 2 tasks that failed for this cause\./);
    await answerDialog('Resubmit');
    await done;
    const patch = `{"resources":{"memory_bytes":${12 * 2 ** 30}},"task_indices":[3,5]}`;
    expect(client.calls).toContainEqual(
      expect.stringMatching(new RegExp(`^resubmit \\w+ ${escape(patch)}$`))
    );
  });

  it('offers more of what the job ran out of, and takes it only when told', async () => {
    const { client, run } = await startWith({
      phase: 'ERROR',
      reason: 'memory',
      memory_bytes: 2 ** 33,
      memory_peak_bytes: 2 ** 33
    });
    const done = run(CommandIDs.resubmitJob);
    expect(await field('Memory')).toHaveValue('8GB');
    await expectDialog(/Used 8 GB of 8 GB memory\./);
    await answerDialog('Try 12 GB');
    expect(await field('Memory')).toHaveValue('12 GB');
    await answerDialog('Resubmit');
    await done;
    expect(client.count(/"memory_bytes":12884901888/)).toBe(1);
  });

  it('leads to a text that cannot be sent, and sends it once it can', async () => {
    const { client, run } = await startWith({ phase: 'ERROR' });
    const done = run(CommandIDs.resubmitJob);
    await type('Memory', 'much');
    await answerDialog('Resubmit');
    expect(await field('Memory')).toHaveFocus();
    expect(await field('Memory')).toHaveAccessibleDescription(
      'A number with its unit, such as 8 GB'
    );
    expect(client.count(/^resubmit/)).toBe(0);
    await type('Memory', '2 GB');
    await answerDialog('Resubmit');
    await done;
    expect(client.count(/^resubmit/)).toBe(1);
  });

  it('stays open when the answer is lost, and makes one job of two tries', async () => {
    const { client, run } = await startWith({ phase: 'ERROR' });
    const done = run(CommandIDs.resubmitJob);
    await field('Name');
    client.isAnswerLost = true;
    await answerDialog('Resubmit');
    await expectDialog(/The Jupyter server did not answer/);
    client.isAnswerLost = false;
    await answerDialog('Resubmit');
    await done;
    expect(
      new Set(client.calls.filter(call => /^resubmit/.test(call))).size
    ).toBe(1);
    expect((await client.listJobs()).total).toBe(2);
  });

  it('sends nothing when the user leaves', async () => {
    const { client, run } = await startWith({ phase: 'ERROR' });
    const done = run(CommandIDs.resubmitJob);
    await field('Name');
    await userEvent.keyboard('{Escape}');
    await done;
    expect(client.count(/^resubmit/)).toBe(0);
  });

  it('of a job that goes on is not asked', async () => {
    const { run } = await startWith({});
    await run(CommandIDs.resubmitJob);
    expect(notices()).toEqual([
      'job 1 is running: it can be resubmitted once it is over.'
    ]);
  });

  it('after an edit opens the form with what the job was asked', async () => {
    const { run, shell } = await startWith({ phase: 'ERROR' });
    await run(CommandIDs.editJob);
    const [form] = Array.from(shell.widgets('main'));
    const notebook = await within(form.node).findByRole('textbox', {
      name: 'Notebook'
    });
    expect((notebook as HTMLInputElement).value).toMatch(/\.ipynb$/);
    expect(
      within(form.node).getByRole('textbox', { name: 'Memory' })
    ).not.toHaveValue('');
  });
});
