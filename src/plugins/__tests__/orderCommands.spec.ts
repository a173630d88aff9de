import { screen, waitFor, within } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import type { JobRow } from '../../model/contract';
import { idOf } from '../../stores/__tests__/fakeClient';
import { makeGateway } from '../../views/__tests__/fixtures';
import { CommandIDs } from '../../widgets/jobCommands';
import {
  answerDialog,
  eachTestStartsClean,
  expectDialog,
  field,
  findDialog,
  notices,
  type
} from './dialogs';
import { startWith as startWithRow } from './oneJob';

// Each test starts an application, and loads what it asks for.
jest.setTimeout(20_000);

eachTestStartsClean();

/** What was ordered; the list is kept true besides. */
function ordersIn(calls: readonly string[]): string[] {
  return calls.filter(call => !/^(changes|list|gateways)/.test(call));
}

/** One job of a gateway that can do whatever is ordered here. */
async function startWith(row: Partial<JobRow>) {
  const gateway = makeGateway({ id: 'able' });
  const capabilities = { ...gateway.capabilities, requeue: true };
  const parts = await startWithRow({ ...row, gateway_id: 'able' });
  parts.client.gateways = [{ ...gateway, capabilities }];
  await parts.jobs.refresh();
  parts.client.calls.length = 0;
  return parts;
}

it('a job is suspended and goes on, and nobody is asked', async () => {
  const { client, jobs, run } = await startWith({ phase: 'EXECUTING' });
  await run(CommandIDs.suspendJob);
  expect(jobs.row(idOf(1))?.phase).toBe('SUSPENDED');
  await run(CommandIDs.resumeJob);
  expect(jobs.row(idOf(1))?.phase).toBe('EXECUTING');
  expect(ordersIn(client.calls)).toEqual(['suspend', 'resume']);
  expect(notices()).toEqual([]);
});

it.each([
  [CommandIDs.suspendJob, 'job 1 was not suspended. Ask an operator.'],
  [CommandIDs.resumeJob, 'job 1 was not resumed. Ask an operator.']
])('the refusal of %s is told', async (command, said) => {
  const { client, run } = await startWith({});
  client.outcome = { outcome: 'denied', message: 'Ask an operator.' };
  await run(command);
  expect(notices()).toEqual([said]);
});

describe('running again from the start', () => {
  it('says first what is lost', async () => {
    const { client, jobs, run } = await startWith({ phase: 'EXECUTING' });
    const done = run(CommandIDs.requeueJob);
    await expectDialog(/Run job job 1 again.*not written to a file is lost/);
    await answerDialog('Run Again');
    await done;
    expect(ordersIn(client.calls)).toEqual(['requeue']);
    expect(jobs.row(idOf(1))?.phase).toBe('QUEUED');
  });

  it('is not done where the user lets it run', async () => {
    const { client, run } = await startWith({ phase: 'EXECUTING' });
    const done = run(CommandIDs.requeueJob);
    await answerDialog('Let It Run');
    await done;
    expect(ordersIn(client.calls)).toEqual([]);
  });

  it('of a job that ends meanwhile is taken back', async () => {
    const { client, jobs, run } = await startWith({ phase: 'EXECUTING' });
    const done = run(CommandIDs.requeueJob);
    await findDialog();
    jobs.accept(client.put(1, { phase: 'COMPLETED' }));
    await expectDialog(/has changed meanwhile: it is completed now/);
    await answerDialog('Close');
    await done;
    expect(client.count(/^requeue/)).toBe(0);
  });

  it('of a job that is over is not asked', async () => {
    const { client, run } = await startWith({ phase: 'COMPLETED' });
    await run(CommandIDs.requeueJob);
    expect(client.count(/^requeue/)).toBe(0);
    expect(notices()).toEqual([
      'job 1: Completed. It cannot be put into the queue again. Nothing was changed.'
    ]);
  });
});

describe('another time limit', () => {
  it('is asked for, read, and given', async () => {
    const { client, jobs, run } = await startWith({ walltime_seconds: 7200 });
    const done = run(CommandIDs.changeJob);
    await expectDialog(/It is 2 h now/);
    expect(await field('Time limit')).toHaveFocus();
    await type('Time limit', '90m');
    await expectDialog(/Read as 1 h 30 min/);
    await answerDialog('Change');
    await done;
    expect(ordersIn(client.calls)).toEqual(['patch {"walltime_seconds":5400}']);
    expect(jobs.row(idOf(1))?.walltime_seconds).toBe(5400);
    expect(notices()).toEqual(['job 1 may now run for 1 h 30 min.']);
  });

  it('that is none keeps the dialog, says what is one, and takes the next', async () => {
    const { client, run } = await startWith({});
    const done = run(CommandIDs.changeJob);
    await type('Time limit', 'soon');
    await userEvent.keyboard('{Enter}');
    await waitFor(async () =>
      expect(await field('Time limit')).toHaveAccessibleDescription(
        'A time, such as 90m or 1-12:00.'
      )
    );
    expect(await field('Time limit')).toHaveFocus();
    expect(ordersIn(client.calls)).toEqual([]);
    await type('Time limit', '1-12:00');
    await userEvent.keyboard('{Enter}');
    await done;
    expect(ordersIn(client.calls)).toEqual([
      'patch {"walltime_seconds":129600}'
    ]);
  });

  it('that the batch system refuses is told in its words', async () => {
    const { client, run } = await startWith({});
    client.outcome = { outcome: 'denied', message: 'Ask for less.' };
    const done = run(CommandIDs.changeJob);
    await type('Time limit', '9-0');
    await answerDialog('Change');
    await done;
    expect(notices()).toEqual(['job 1 was not changed. Ask for less.']);
  });

  it('is left by Escape', async () => {
    const { client, run } = await startWith({});
    const done = run(CommandIDs.changeJob);
    await findDialog();
    await userEvent.keyboard('{Escape}');
    await done;
    expect(screen.queryByRole('dialog', { hidden: true })).toBeNull();
    expect(ordersIn(client.calls)).toEqual([]);
  });

  it('of a job that is over is not asked for', async () => {
    const { client, run } = await startWith({ phase: 'ERROR' });
    await run(CommandIDs.changeJob);
    expect(ordersIn(client.calls)).toEqual([]);
    expect(notices()).toEqual(['job 1: Failed. Nothing was changed.']);
  });
});

describe('other terms', () => {
  it('are asked for together, and those that are given are told', async () => {
    const { client, run } = await startWith({ walltime_seconds: 7200 });
    const done = run(CommandIDs.changeJob);
    await type('Nice value', '100');
    await type('Comment', 'for the paper');
    await answerDialog('Change');
    await done;
    expect(ordersIn(client.calls)).toEqual([
      'patch {"nice":100,"comment":"for the paper"}'
    ]);
    expect(notices()).toEqual([
      'The nice value of job 1 is 100 now. job 1 has another comment now.'
    ]);
  });

  it('that are none lead to their field', async () => {
    const { client, run } = await startWith({});
    const done = run(CommandIDs.changeJob);
    await type('Time limit', '1h');
    await type('Nice value', 'much');
    await answerDialog('Change');
    await waitFor(async () =>
      expect(await field('Nice value')).toHaveAccessibleDescription(
        'A whole number, such as 100.'
      )
    );
    expect(await field('Nice value')).toHaveFocus();
    await answerDialog('Keep as It Is');
    await done;
    expect(ordersIn(client.calls)).toEqual([]);
  });

  it('are only those that the gateway can change', async () => {
    const parts = await startWith({});
    const [gateway] = parts.client.gateways;
    const changes = ['walltime_seconds'] as const;
    parts.client.gateways = [
      {
        ...gateway,
        capabilities: { ...gateway.capabilities, changes: [...changes] }
      }
    ];
    await parts.jobs.refresh();
    const done = parts.run(CommandIDs.changeJob);
    await field('Time limit');
    expect(screen.queryByLabelText('Nice value')).toBeNull();
    await answerDialog('Keep as It Is');
    await done;
  });
});

describe('a signal', () => {
  const CHECKPOINT = 'USR2: what its author chose, often a checkpoint';

  it('is chosen, sent, and told', async () => {
    const { client, jobs, run } = await startWith({ phase: 'EXECUTING' });
    const done = run(CommandIDs.signalJob);
    await expectDialog(/Send a signal to job 1.*ended by most of them/);
    await userEvent.selectOptions(
      within(await findDialog()).getByRole('combobox', { hidden: true }),
      CHECKPOINT
    );
    await answerDialog('Send');
    await done;
    expect(ordersIn(client.calls)).toEqual(['send USR2']);
    expect(jobs.row(idOf(1))?.substate).toBeNull();
    expect(notices()).toEqual(['USR2 was sent to job 1.']);
  });

  it('that is refused is told in words', async () => {
    const { client, run } = await startWith({ phase: 'EXECUTING' });
    client.outcome = { outcome: 'denied', message: 'It is not running.' };
    const done = run(CommandIDs.signalJob);
    await answerDialog('Send');
    await done;
    expect(notices()).toEqual([
      'No signal was sent to job 1. It is not running.'
    ]);
  });

  it('is not sent where the user thinks better of it', async () => {
    const { client, run } = await startWith({ phase: 'EXECUTING' });
    const done = run(CommandIDs.signalJob);
    await answerDialog('Send None');
    await done;
    expect(ordersIn(client.calls)).toEqual([]);
  });

  it.each(['QUEUED', 'COMPLETED'] as const)(
    'is not offered to a job that is %s',
    async phase => {
      const { client, run } = await startWith({ phase });
      await run(CommandIDs.signalJob);
      expect(ordersIn(client.calls)).toEqual([]);
      expect(notices()[0]).toMatch(/Nothing was sent\.$/);
    }
  );
});
