import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher, LauncherModel } from '@jupyterlab/launcher';
import {
  IRenderMimeRegistry,
  RenderMimeRegistry
} from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { MimeModel } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import { screen, within } from '@testing-library/dom';

import plugins from '../../index';
import { readExample } from '../../model/__tests__/examples';
import { CommandIDs } from '../../widgets/jobCommands';
import { JOB_MIME_TYPE } from '../../widgets/cardRenderer';
import { startApp } from './testApp';

const IDS = Object.values(CommandIDs);

describe('the list of plugins', () => {
  it('has a description for each, and no two of one name', () => {
    const ids = plugins.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, description } of plugins) {
      expect(id).toMatch(/^jupyterlab-batch:[a-z-]+$/);
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('requires nothing of JupyterLab: Notebook 7 has less of it', () => {
    const required = plugins.flatMap(({ requires }) => requires ?? []);
    expect(
      required.every(({ name }) => name.startsWith('jupyterlab-batch:'))
    ).toBe(true);
  });
});

describe('with nothing of JupyterLab beside it', () => {
  it('every plugin starts, and nothing is asked of the server', async () => {
    const { app, client, shell } = await startApp();
    for (const { id, autoStart } of plugins) {
      expect([id, app.isPluginActivated(id)]).toEqual([id, autoStart]);
    }
    expect(client.calls).toEqual([]);
    expect(Array.from(shell.widgets('left'))).toHaveLength(1);
  });

  it('every command has its words and says what it takes', async () => {
    const { app } = await startApp();
    const ours = app.commands
      .listCommands()
      .filter(id => id.startsWith('jupyterlab-batch:'));
    expect([...ours].sort()).toEqual([...IDS].sort());
    expect(new Set(IDS).size).toBe(IDS.length);
    for (const id of ours) {
      expect(app.commands.label(id)).toMatch(/^[A-Z]/);
      const { args } = await app.commands.describedBy(id);
      expect(args).toMatchObject({ type: 'object' });
    }
  });

  it('the panel is a region with a name, and loads when it is shown', async () => {
    const { app, client, shell } = await startApp();
    await app.commands.execute(CommandIDs.showJobs);
    const [panel] = Array.from(shell.widgets('left'));
    expect(panel.node).toHaveAttribute('role', 'region');
    expect(panel.node).toHaveAttribute('aria-label', 'Batch jobs');
    expect(await within(panel.node).findByText(/^No jobs yet/)).toBeVisible();
    client.put(1);
    await app.commands.execute(CommandIDs.refreshJobs);
    expect(
      await within(panel.node).findByRole('row', { name: /^job 1/ })
    ).toBeVisible();
  });
});

describe('with one thing of JupyterLab', () => {
  it('the palette offers what needs no job', async () => {
    const palette = { addItem: jest.fn() };
    await startApp([[ICommandPalette, palette]]);
    const category = 'Batch Jobs';
    expect(palette.addItem.mock.calls.flat()).toEqual([
      ...[
        CommandIDs.newJob,
        CommandIDs.runNotebook,
        CommandIDs.openScript,
        CommandIDs.openTemplate,
        CommandIDs.newCluster,
        CommandIDs.openCluster,
        CommandIDs.openPlot,
        CommandIDs.showJobs,
        CommandIDs.openTable,
        CommandIDs.refreshJobs,
        CommandIDs.manageRunDirectories
      ].map(command => ({ command, category })),
      {
        command: CommandIDs.runScript,
        category,
        args: { isFromEditor: true }
      }
    ]);
  });

  it('the launcher has a card, in a category that it translates itself', async () => {
    const launcher = new LauncherModel();
    const { app } = await startApp([[ILauncher, launcher]]);
    const [card] = Array.from(launcher.items());
    expect(card).toMatchObject({ command: CommandIDs.newJob });
    expect(card.category ?? '').toBe('');
    expect(app.commands.label(card.command, card.args)).toBe('Batch Job');
    launcher.dispose();
  });

  it('the restorer is told what to open again', async () => {
    const restorer = {
      add: jest.fn(),
      restore: jest.fn(async () => undefined)
    };
    await startApp([[ILayoutRestorer, restorer]]);
    expect(restorer.add).toHaveBeenCalledWith(
      expect.any(Widget),
      'jupyterlab-batch-jobs'
    );
    expect(
      restorer.restore.mock.calls
        .map(([, options]: never[]) => (options as { command: string }).command)
        .sort()
    ).toEqual([
      CommandIDs.newJob,
      CommandIDs.openCluster,
      CommandIDs.openJob,
      CommandIDs.openTable
    ]);
  });

  it('the words of every command come from the translator', async () => {
    const trans = nullTranslator.load('');
    const translator = {
      ...nullTranslator,
      load: () => ({ ...trans, __: (message: string) => `«${message}»` })
    };
    const { app } = await startApp([[ITranslator, translator]]);
    for (const id of IDS) {
      expect(app.commands.label(id)).toMatch(/^«.+»$/);
      expect(app.commands.caption(id)).toMatch(/^(«.+»)?$/);
    }
  });

  it('outputs are drawn as cards, before the HTML beside them', async () => {
    const rendermime = new RenderMimeRegistry();
    const { client } = await startApp([[IRenderMimeRegistry, rendermime]]);
    const row = readExample('JobRow.running') as { id: string; name: string };
    const data = {
      [JOB_MIME_TYPE]: { version: 1, job_id: row.id, row },
      'text/html': '<table></table>',
      'text/plain': 'job'
    };
    expect(rendermime.preferredMimeType(data, 'ensure')).toBe(JOB_MIME_TYPE);
    const renderer = rendermime.createRenderer(JOB_MIME_TYPE);
    Widget.attach(renderer, document.body);
    await renderer.renderModel(new MimeModel({ data, trusted: true }));
    expect(await screen.findByRole('group', { name: row.name })).toBeVisible();
    expect(client.count(/^job$/)).toBe(0);
    renderer.dispose();
  });
});
