import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { screen, waitFor, within } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import type { TaskList } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { FakeClient, idOf } from '../../stores/__tests__/fakeClient';
import { JobStore } from '../../stores/jobs';
import { violationsOf } from '../../views/__tests__/axe';
import { CommandIDs } from '../jobCommands';
import { JobsPanel } from '../jobsPanel';
import { JobWidget } from '../jobWidget';

/** A registry that notes which of our commands are executed. */
function spyCommands() {
  const commands = new CommandRegistry();
  const executed: [string, unknown][] = [];
  for (const id of Object.values(CommandIDs)) {
    commands.addCommand(id, {
      label: id,
      describedBy: { args: {} },
      execute: args => void executed.push([id, args])
    });
  }
  return { commands, executed };
}

function attach(widget: Widget): void {
  Widget.attach(widget, document.body);
  MessageLoop.flush();
}

describe('the side panel', () => {
  function setUp() {
    const client = new FakeClient();
    client.put(1);
    const jobs = new JobStore({ client });
    const { commands, executed } = spyCommands();
    const act = jest.fn();
    const panel = new JobsPanel({
      client,
      jobs,
      commands,
      act,
      loadClusters: async () => new Widget(),
      translator: nullTranslator
    });
    return { act, client, jobs, commands, executed, panel };
  }

  it('is live while it is in sight', async () => {
    const { client, jobs, panel } = setUp();
    expect(client.calls).toEqual([]);
    attach(panel);
    expect(await screen.findByRole('row', { name: /^job 1/ })).toBeVisible();
    client.put(2);
    client.hint();
    expect(await screen.findByRole('row', { name: /^job 2/ })).toBeVisible();
    panel.hide();
    expect(jobs.snapshot.state).toBe('idle');
    panel.show();
    await waitFor(() => expect(jobs.snapshot.state).toBe('live'));
    panel.dispose();
    expect(jobs.snapshot.state).toBe('idle');
  });

  it('shows what is typed only, and all again when a job is to be seen', async () => {
    const { client, panel } = setUp();
    client.put(2, { name: 'lens', phase: 'QUEUED' });
    attach(panel);
    const field = await screen.findByRole('searchbox', { name: 'Filter jobs' });
    await screen.findByRole('row', { name: /^job 1/ });
    await userEvent.type(field, 'phase:queued lens');
    expect(screen.queryByRole('row', { name: /^job 1/ })).toBeNull();
    expect(screen.getByRole('row', { name: /^lens/ })).toBeVisible();
    panel.reveal(idOf(1));
    await waitFor(() =>
      expect(screen.getByRole('row', { name: /^job 1/ })).toHaveFocus()
    );
    expect(field).toHaveValue('');
    panel.dispose();
  });

  it('asks for everything by commands', async () => {
    const { executed, panel } = setUp();
    attach(panel);
    const row = await screen.findByRole('row', { name: /^job 1/ });
    await userEvent.click(
      within(row).getByRole('button', { name: 'Cancel job 1…' })
    );
    await userEvent.click(within(row).getByTitle('job 1'));
    expect(executed).toEqual([
      [CommandIDs.cancelJob, { job_id: idOf(1) }],
      [CommandIDs.openJob, { job_id: idOf(1) }]
    ]);
    panel.dispose();
  });

  it('does to the selected jobs what its bar says, and tells what came of it', async () => {
    const { act, client, panel } = setUp();
    client.put(2, { phase: 'COMPLETED' });
    act.mockResolvedValue({
      action: 'cancel',
      items: [{ id: idOf(1), name: 'job 1', outcome: 'ok', message: null }]
    });
    attach(panel);
    const row = await screen.findByRole('row', { name: /^job 1/ });
    row.focus();
    await userEvent.keyboard('{Control>}a{/Control}');
    await userEvent.click(screen.getByRole('button', { name: 'Cancel 1' }));
    expect(act).toHaveBeenCalledWith('cancel', [
      expect.objectContaining({ id: idOf(1) })
    ]);
    expect(await screen.findByText('1 cancelled.')).toBeVisible();
    expect(row).toHaveAttribute('aria-selected', 'false');
    panel.dispose();
  });

  it('puts the focus on a job as soon as that is in the list', async () => {
    const { client, jobs, panel } = setUp();
    attach(panel);
    await screen.findByRole('row', { name: /^job 1/ });
    panel.reveal(idOf(2));
    jobs.accept(client.put(2));
    await waitFor(() =>
      expect(screen.getByRole('row', { name: /^job 2/ })).toHaveFocus()
    );
    screen.getByRole('row', { name: /^job 1/ }).focus();
    jobs.accept(client.put(2, { phase: 'COMPLETED' }));
    expect(screen.getByRole('row', { name: /^job 1/ })).toHaveFocus();
    panel.dispose();
  });

  it('puts failed jobs away', async () => {
    const { client, panel } = setUp();
    client.put(1, { phase: 'ERROR', seen: false });
    attach(panel);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Dismiss' })
    );
    expect(
      await screen.findByText(/^Finished (today|earlier) · 1$/)
    ).toBeVisible();
    expect(screen.queryByText(/Needs you/)).toBeNull();
    panel.dispose();
  });

  it('says why that failed', async () => {
    const { client, panel } = setUp();
    client.put(1, { phase: 'ERROR', seen: false });
    attach(panel);
    const dismiss = await screen.findByRole('button', { name: 'Dismiss' });
    client.markSeen = () => Promise.reject(new Error('disk full'));
    await userEvent.click(dismiss);
    expect(await screen.findByRole('alert')).toHaveTextContent('disk full');
    panel.dispose();
  });

  it('has no barrier that axe finds', async () => {
    const { panel } = setUp();
    attach(panel);
    await screen.findByRole('row', { name: /^job 1/ });
    expect(await violationsOf(panel.node)).toEqual([]);
    panel.dispose();
  });
});

describe('the page of a job', () => {
  function setUp(isFollowing = true) {
    const client = new FakeClient();
    client.put(1);
    client.log = { bytes: new TextEncoder().encode('step 1\n'), etag: 'a' };
    const jobs = new JobStore({ client });
    const { commands, executed } = spyCommands();
    const openFile = jest.fn();
    const widget = new JobWidget({
      jobId: idOf(1),
      client,
      jobs,
      commands,
      isFollowing,
      openFile,
      actOnTasks: jest.fn(),
      trans: nullTranslator.load('')
    });
    return { client, jobs, executed, openFile, widget };
  }

  it('is named after its job, and shows its log', async () => {
    const { widget } = setUp();
    attach(widget);
    expect(await screen.findByText('step 1')).toBeVisible();
    expect(widget.title.label).toBe('job 1');
    widget.dispose();
  });

  it('that was opened for its log puts the focus there as soon as it can', async () => {
    const { widget } = setUp();
    attach(widget);
    widget.content.showLog();
    await waitFor(() => expect(screen.getByRole('log')).toHaveFocus());
    widget.dispose();
  });

  it('reads no log while it is hidden', async () => {
    const { client, widget } = setUp();
    attach(widget);
    await screen.findByText('step 1');
    widget.hide();
    await waitFor(() => expect(widget.isVisible).toBe(false));
    client.calls.length = 0;
    client.put(1, { progress: null });
    client.hint();
    await waitFor(() => expect(client.count(/^job$/)).toBe(1));
    expect(client.count(/^log/)).toBe(0);
    widget.dispose();
  });

  it('keeps not following when the other stream is chosen', async () => {
    const { widget } = setUp();
    attach(widget);
    await userEvent.click(
      await screen.findByRole('checkbox', { name: 'Follow' })
    );
    await userEvent.click(screen.getByRole('radio', { name: 'Errors' }));
    await waitFor(() =>
      expect(screen.getByRole('radio', { name: 'Errors' })).toBeChecked()
    );
    expect(screen.getByRole('checkbox', { name: 'Follow' })).not.toBeChecked();
    widget.dispose();
  });

  it('asks for everything by commands, and opens files', async () => {
    const { widget, executed, openFile } = setUp();
    attach(widget);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Cancel…' })
    );
    expect(executed).toEqual([[CommandIDs.cancelJob, { job_id: idOf(1) }]]);
    await userEvent.click(await screen.findByRole('tab', { name: 'Files 1' }));
    await userEvent.click(
      await screen.findByRole('button', {
        name: /^batch-jobs\/.*output\.ipynb$/
      })
    );
    expect(openFile).toHaveBeenCalledTimes(1);
    widget.dispose();
  });

  it('of an array shows the log of its first task, then of any other', async () => {
    jest.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(290);
    const { client, widget } = setUp();
    const by_phase = { COMPLETED: 900, ERROR: 1, EXECUTING: 99 };
    client.put(1, { array: { size: 1000, by_phase } });
    client.tasks = (readExample('TaskList.failed') as TaskList).tasks;
    attach(widget);
    expect(await screen.findByText('step 1')).toBeVisible();
    expect(client.calls.filter(call => call.startsWith('log'))).toEqual(
      expect.arrayContaining([expect.stringMatching(/ of task 10$/)])
    );
    expect(client.count(/^log[ \d-]+$/)).toBe(0);
    await userEvent.click(await screen.findByRole('radio', { name: 'Table' }));
    await userEvent.click(await screen.findByTitle('Open log of task 7'));
    await waitFor(() =>
      expect(client.calls).toContainEqual(
        expect.stringMatching(/^log .* of task 7$/)
      )
    );
    await waitFor(() =>
      expect(screen.getByRole('textbox', { name: 'Task' })).toHaveValue('7')
    );
    widget.dispose();
  });

  it('leaves nothing running when it is closed', async () => {
    const { client, jobs, widget } = setUp();
    attach(widget);
    await screen.findByText('step 1');
    widget.dispose();
    expect(jobs.snapshot.state).toBe('idle');
    client.calls.length = 0;
    client.hint();
    expect(client.calls).toEqual([]);
  });
});
