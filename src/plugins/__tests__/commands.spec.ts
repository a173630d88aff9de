import { Notification } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { Widget } from '@lumino/widgets';
import { waitFor, within } from '@testing-library/dom';

import { idOf } from '../../stores/__tests__/fakeClient';
import { IJobStore } from '../../tokens';
import { CommandIDs } from '../../widgets/jobCommands';
import {
  FakeDocument,
  openDocuments
} from '../../widgets/__tests__/fakeDocuments';
import { answerDialog, expectDialog, notices } from './dialogs';
import { startApp } from './testApp';
import type { TestShell } from './testApp';

function mainWidgets(shell: TestShell): Widget[] {
  return Array.from(shell.widgets('main'));
}

beforeEach(() => {
  Notification.dismiss();
});

describe('the form', () => {
  it('opens in the main area, each time a new one', async () => {
    const { app, shell } = await startApp();
    await app.commands.execute(CommandIDs.newJob);
    await app.commands.execute(CommandIDs.newJob);
    const forms = mainWidgets(shell);
    expect(forms).toHaveLength(2);
    expect(shell.currentWidget).toBe(forms[1]);
    expect(
      await within(forms[0].node).findByRole('form', { name: 'New batch job' })
    ).toBeVisible();
  });

  it('goes to the right where the main area takes nothing, as in Notebook 7', async () => {
    const { app, shell } = await startApp();
    shell.areas = ['left', 'right'];
    await app.commands.execute(CommandIDs.newJob);
    expect(Array.from(shell.widgets('right'))).toHaveLength(1);
  });

  it.each([
    [CommandIDs.runNotebook, 'a/fit.ipynb', 'Notebook', 'fit'],
    [CommandIDs.runScript, 'a/run.sh', 'Script', 'run']
  ])('of %s holds its file', async (command, path, field, name) => {
    const { app, shell } = await startApp();
    await app.commands.execute(command, { path });
    const [form] = mainWidgets(shell);
    expect(
      await within(form.node).findByRole('textbox', { name: field })
    ).toHaveValue(path);
    expect(
      within(form.node).getByRole('textbox', { name: 'Name' })
    ).toHaveValue(name);
  });

  it('begins with what the settings say', async () => {
    const values = { gateway: '', cores: 4, memory: '8 GB', walltime: '2 h' };
    const settings = {
      load: async () => ({
        get: (name: keyof typeof values) => ({ composite: values[name] })
      })
    };
    const { app, shell } = await startApp([[ISettingRegistry, settings]]);
    await app.commands.execute(CommandIDs.newJob);
    const [form] = mainWidgets(shell);
    expect(
      await within(form.node).findByRole('textbox', { name: 'Cores' })
    ).toHaveValue('4');
    expect(
      within(form.node).getByRole('textbox', { name: 'Memory' })
    ).toHaveValue('8 GB');
  });

  it('that was kept opens again, once', async () => {
    const { app, shell, client } = await startApp();
    await client.putDraft('k1', 'spectra', { name: 'spectra' });
    await app.commands.execute(CommandIDs.newJob, { draft: 'k1' });
    await app.commands.execute(CommandIDs.newJob, { draft: 'k1' });
    expect(mainWidgets(shell)).toHaveLength(1);
    expect(
      await within(shell.node).findByRole('textbox', { name: 'Name' })
    ).toHaveValue('spectra');
  });

  it('that is gone is said, and an empty one opens', async () => {
    const { app, shell } = await startApp();
    await app.commands.execute(CommandIDs.newJob, { draft: 'gone' });
    expect(mainWidgets(shell)).toHaveLength(1);
    expect(notices()).toEqual(['This form was not kept. Start a new one.']);
  });

  it.each([
    ['Save', 1, 1],
    ['Go On Without Saving', 0, 1],
    ['Cancel', 0, 0]
  ])('of a changed notebook asks first: %s', async (answer, saves, forms) => {
    const file = new FakeDocument();
    file.model.change();
    const documents = openDocuments(new Map([['fit.ipynb', file]]));
    const { app, shell } = await startApp([[IDocumentManager, documents]]);
    const opened = app.commands.execute(CommandIDs.runNotebook, {
      path: 'fit.ipynb'
    });
    await answerDialog(answer);
    await opened;
    expect(file.saves).toBe(saves);
    expect(mainWidgets(shell)).toHaveLength(forms);
  });
});

describe('a job', () => {
  it('opens once, and is shown when it is asked for again', async () => {
    const { app, shell, client } = await startApp();
    client.put(1);
    await app.commands.execute(CommandIDs.openJob, { job_id: idOf(1) });
    await app.commands.execute(CommandIDs.newJob);
    await app.commands.execute(CommandIDs.openLog, { job_id: idOf(1) });
    const [page, form] = mainWidgets(shell);
    expect(form).toBeDefined();
    expect(mainWidgets(shell)).toHaveLength(2);
    expect(shell.currentWidget).toBe(page);
    expect(await within(page.node).findByRole('log')).toBeVisible();
  });

  it('opens once even when it is asked for twice at the same time', async () => {
    const { app, shell, client } = await startApp();
    client.put(1);
    await Promise.all([
      app.commands.execute(CommandIDs.openJob, { job_id: idOf(1) }),
      app.commands.execute(CommandIDs.openJob, { job_id: idOf(1) })
    ]);
    expect(mainWidgets(shell)).toHaveLength(1);
  });

  it('is cancelled once that was confirmed', async () => {
    const { app, client } = await startApp();
    client.put(1);
    const done = app.commands.execute(CommandIDs.cancelJob, {
      job_id: idOf(1)
    });
    await expectDialog(/Cancel job job 1\?.*It is running\./);
    await answerDialog('Cancel Job');
    await done;
    expect(client.count(/^cancel$/)).toBe(1);
    expect(notices()).toEqual([]);
  });

  it('goes on when the user keeps it', async () => {
    const { app, client } = await startApp();
    client.put(1);
    const done = app.commands.execute(CommandIDs.cancelJob, {
      job_id: idOf(1)
    });
    await answerDialog('Keep Job');
    await done;
    expect(client.count(/^cancel$/)).toBe(0);
  });

  it('that is over is not cancelled, and nobody is asked', async () => {
    const { app, client } = await startApp();
    client.put(1, { phase: 'COMPLETED' });
    await app.commands.execute(CommandIDs.cancelJob, { job_id: idOf(1) });
    expect(client.count(/^cancel$/)).toBe(0);
    expect(notices()).toEqual(['job 1: Completed. Nothing was cancelled.']);
  });

  it('that may not be cancelled says why', async () => {
    const { app, client } = await startApp();
    client.put(1);
    client.outcome = { outcome: 'denied', message: 'Permission denied' };
    const done = app.commands.execute(CommandIDs.cancelJob, {
      job_id: idOf(1)
    });
    await answerDialog('Cancel Job');
    await done;
    expect(notices()).toEqual(['job 1 was not cancelled. Permission denied']);
  });

  it('is held and released without a question', async () => {
    const { app, client } = await startApp();
    client.put(1, { phase: 'QUEUED' });
    const jobs = await app.resolveRequiredService(IJobStore);
    await app.commands.execute(CommandIDs.holdJob, { job_id: idOf(1) });
    expect(jobs.row(idOf(1))?.phase).toBe('HELD');
    await app.commands.execute(CommandIDs.releaseJob, { job_id: idOf(1) });
    expect(jobs.row(idOf(1))?.phase).toBe('QUEUED');
    expect(notices()).toEqual([]);
  });

  it.each([
    [
      CommandIDs.holdJob,
      'denied',
      'It has started already.',
      'job 1 was not held. It has started already.'
    ],
    [
      CommandIDs.releaseJob,
      'error',
      null,
      'job 1 was not released. The batch system gave no reason.'
    ],
    [
      CommandIDs.holdJob,
      'already_final',
      null,
      'job 1: Running. Nothing was changed.'
    ]
  ] as const)(
    'that %s could not change says so: %s',
    async (command, outcome, message, said) => {
      const { app, client } = await startApp();
      client.put(1);
      client.outcome = { outcome, message };
      await app.commands.execute(command, { job_id: idOf(1) });
      expect(notices()).toEqual([said]);
    }
  );

  it.each([
    CommandIDs.holdJob,
    CommandIDs.releaseJob,
    CommandIDs.suspendJob,
    CommandIDs.resumeJob,
    CommandIDs.requeueJob,
    CommandIDs.changeJob,
    CommandIDs.signalJob,
    CommandIDs.cancelJob,
    CommandIDs.resubmitJob,
    CommandIDs.editJob,
    CommandIDs.declareLost,
    CommandIDs.forgetJob,
    CommandIDs.openOutput,
    CommandIDs.showRunDirectory
  ])('that nobody knows is said by %s', async command => {
    const { app } = await startApp();
    await app.commands.execute(command, { job_id: idOf(9) });
    expect(notices()).toEqual(['There is no such job.']);
  });

  it('shows its run directory in the file browser', async () => {
    const { app, client } = await startApp();
    client.put(1);
    const open = jest.fn();
    app.commands.addCommand('filebrowser:open-path', {
      label: 'Open',
      describedBy: { args: {} },
      execute: open
    });
    await app.commands.execute(CommandIDs.showRunDirectory, {
      job_id: idOf(1)
    });
    expect(open.mock.calls[0][0].path).toMatch(/^batch-jobs\//);
  });

  it.each([
    [
      'that is over as the file that it is',
      'COMPLETED',
      /^batch-jobs\/.*\.ipynb$/
    ],
    ['that runs as a copy', 'EXECUTING', /^BatchOutput:batch-jobs\/.*\.ipynb$/]
  ] as const)('opens the output of a job %s', async (_, phase, path) => {
    const openOrReveal = jest.fn();
    const documents = { ...openDocuments(new Map()), openOrReveal };
    const { app, client } = await startApp([[IDocumentManager, documents]]);
    client.put(1, { phase });
    await app.commands.execute(CommandIDs.openOutput, { job_id: idOf(1) });
    await waitFor(() => expect(openOrReveal).toHaveBeenCalledTimes(1));
    expect(openOrReveal.mock.calls[0][0]).toMatch(path);
  });

  it('says where an output lies that cannot be shown', async () => {
    const { app, client } = await startApp();
    client.put(1);
    const done = app.commands.execute(CommandIDs.openOutput, {
      job_id: idOf(1)
    });
    await expectDialog(/Outside of the folder.*output\.ipynb/);
    await answerDialog('Close');
    await done;
  });
});
