import { screen, waitFor, within } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import { idOf } from '../../stores/__tests__/fakeClient';
import { CommandIDs } from '../../widgets/jobCommands';
import {
  answerDialog,
  eachTestStartsClean,
  expectDialog,
  field,
  findDialog,
  notices
} from './dialogs';
import { startWith } from './oneJob';

// Each test starts an application, and loads what it asks for.
jest.setTimeout(20_000);

eachTestStartsClean();

describe('forgetting', () => {
  it('says first that the files stay, and closes the page of the job', async () => {
    const { client, jobs, run, shell } = await startWith({ phase: 'ERROR' });
    await run(CommandIDs.openJob);
    const done = run(CommandIDs.forgetJob);
    await expectDialog(/Forget job job 1\?.*Its run directory stays/);
    await answerDialog('Forget Job');
    await done;
    expect(client.count(/^forget$/)).toBe(1);
    expect(jobs.row(idOf(1))).toBeUndefined();
    expect(Array.from(shell.widgets('main'))).toEqual([]);
    expect(notices()).toEqual([]);
  });

  it('leaves the job where the user keeps it', async () => {
    const { client, run } = await startWith({ phase: 'ERROR' });
    const done = run(CommandIDs.forgetJob);
    await answerDialog('Keep Job');
    await done;
    expect(client.count(/^forget$/)).toBe(0);
  });

  it('of a job that goes on is not asked', async () => {
    const { client, run } = await startWith({});
    await run(CommandIDs.forgetJob);
    expect(client.count(/^forget$/)).toBe(0);
    expect(notices()).toEqual([
      'job 1 is running: it can be forgotten once it is over.'
    ]);
  });

  it('in two tabs ends in words', async () => {
    const { client, jobs, run } = await startWith({ phase: 'COMPLETED' });
    const done = run(CommandIDs.forgetJob);
    await findDialog();
    client.takeBack(1);
    await answerDialog('Forget Job');
    await done;
    expect(jobs.row(idOf(1))).toBeUndefined();
    expect(notices()).toEqual(['job 1 was forgotten already.']);
  });
});

describe('giving up', () => {
  it('says what happened and what comes of it, and answers in words', async () => {
    const { client, run } = await startWith({
      phase: 'UNKNOWN',
      reason: 'answer_lost',
      native_id: null
    });
    const done = run(CommandIDs.declareLost);
    await expectDialog(
      /did not answer.*A second run is harmless.*it ends without running/
    );
    await answerDialog('It Does Not Exist');
    await done;
    expect(client.count(/^declare-lost$/)).toBe(1);
    expect(notices()).toEqual([expect.stringMatching(/^job 1 is given up\./)]);
  });

  it('of a job that ran says that nothing is stopped', async () => {
    const { run } = await startWith({ phase: 'UNKNOWN', native_id: '7' });
    const done = run(CommandIDs.declareLost);
    await expectDialog(/nothing is heard of it.*Nothing is stopped by this/);
    await answerDialog('It Does Not Exist');
    await done;
    expect(notices()).toEqual(['job 1 is over, as you said.']);
  });

  it('that comes too late says why', async () => {
    const { client, run } = await startWith({ phase: 'UNKNOWN' });
    client.outcome = {
      outcome: 'denied',
      message: 'It has started after all.'
    };
    const done = run(CommandIDs.declareLost);
    await answerDialog('It Does Not Exist');
    await done;
    expect(notices()).toEqual([
      'job 1 was not given up. It has started after all.'
    ]);
  });

  it('of a job that is known is not asked', async () => {
    const { client, run } = await startWith({});
    await run(CommandIDs.declareLost);
    expect(client.count(/^declare-lost$/)).toBe(0);
    expect(notices()).toEqual(['job 1: Running. Nothing was changed.']);
  });
});

describe('a job that changes while the user is asked', () => {
  it.each([
    [CommandIDs.cancelJob, 'EXECUTING', { phase: 'COMPLETED' }, 'completed'],
    [
      CommandIDs.cancelJob,
      'EXECUTING',
      { substate: 'cancelling' },
      'cancelling'
    ],
    [CommandIDs.forgetJob, 'ERROR', { phase: 'UNKNOWN' }, 'unknown'],
    [CommandIDs.declareLost, 'UNKNOWN', { phase: 'EXECUTING' }, 'running']
  ] as const)(
    '%s of one that was %s does nothing, and the dialog says so',
    async (command, phase, changes, now) => {
      const { client, jobs, run } = await startWith({ phase, native_id: '7' });
      const done = run(command);
      await expectDialog(/\?/);
      jobs.accept(client.put(1, changes));
      await expectDialog(
        new RegExp(`changed meanwhile: it is ${now} now\\. Nothing was done`)
      );
      const dialog = await findDialog();
      const [close, ...others] = within(dialog).getAllByRole('button', {
        hidden: true
      });
      expect(others).toEqual([]);
      expect(close).toHaveAccessibleName('Close');
      expect(close).toHaveFocus();
      await userEvent.keyboard('{Enter}');
      await done;
      expect(
        client.calls.filter(call => /cancel|forget|declare/.test(call))
      ).toEqual([]);
      expect(notices()).toEqual([]);
    }
  );

  it('is not resubmitted beside itself', async () => {
    const { client, jobs, run } = await startWith({ phase: 'ERROR' });
    const done = run(CommandIDs.resubmitJob);
    await field('Name');
    jobs.accept(client.put(1, { phase: 'UNKNOWN' }));
    await expectDialog(/it is unknown now\. Nothing was done/);
    await answerDialog('Close');
    await done;
    expect(client.count(/^resubmit/)).toBe(0);
  });

  it('keeps its menu, wherever its row goes', async () => {
    const { app, client, jobs } = await startWith({ phase: 'QUEUED' });
    await app.commands.execute(CommandIDs.showJobs);
    const row = await screen.findByRole('row', { name: /^job 1/ });
    await userEvent.pointer({ target: row, keys: '[MouseRight]' });
    jobs.accept(client.put(1, { phase: 'EXECUTING' }));
    await waitFor(() => expect(row).not.toBeInTheDocument());
    const done = app.commands.execute(CommandIDs.cancelJob);
    await expectDialog(/Cancel job job 1\?.*It is running/);
    await answerDialog('Keep Job');
    await done;
  });
});
