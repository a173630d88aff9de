import { Notification } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { FileDialog } from '@jupyterlab/filebrowser';
import { waitFor, within } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import type { FakeClient } from '../../stores/__tests__/fakeClient';
import { CommandIDs } from '../../widgets/jobCommands';
import {
  FakeDocument,
  openDocuments
} from '../../widgets/__tests__/fakeDocuments';
import { answerDialog, expectDialog, notices } from './dialogs';
import { startApp } from './testApp';
import type { TestShell } from './testApp';

const PATH = 'work/fit.sh';

beforeEach(() => {
  Notification.dismiss();
});

afterEach(() => jest.restoreAllMocks());

/** The fields of the form that was opened last. */
async function form(shell: TestShell) {
  const last = await waitFor(() => {
    const widgets = [...shell.widgets('main')];
    expect(widgets).not.toHaveLength(0);
    return widgets[widgets.length - 1];
  });
  return within(last.node);
}

function imports(client: FakeClient): string[] {
  return client.calls.filter(call => call.startsWith('import '));
}

/** An application with a form in front, from which a script can be chosen. */
async function withForm() {
  const { app, shell, client } = await startApp([
    [IDocumentManager, openDocuments(new Map())]
  ]);
  jest
    .spyOn(FileDialog, 'getOpenFiles')
    .mockResolvedValue({ value: [{ path: PATH }] } as never);
  await app.commands.execute(CommandIDs.newJob);
  const page = await form(shell);
  return { shell, client, page, user: userEvent.setup() };
}

it('a script opens as a form with what it says, and says what became of its lines', async () => {
  const { app, shell, client } = await startApp();
  await app.commands.execute(CommandIDs.openScript, { path: PATH });
  const page = await form(shell);
  expect(await page.findByRole('textbox', { name: 'Script' })).toHaveValue(
    PATH
  );
  expect(page.getByRole('textbox', { name: 'Time limit' })).toHaveValue('90m');
  expect(
    await page.findByRole('region', { name: 'From fit.sh' })
  ).toHaveTextContent('3 taken, 1 passed on, 1 not honoured.');
  expect(new Set(imports(client))).toEqual(new Set([`import slurm ${PATH}`]));
});

it('a file that is no batch script opens nothing, and the reason is told', async () => {
  const { app, shell, client } = await startApp();
  client.script = null;
  await app.commands.execute(CommandIDs.openScript, { path: PATH });
  expect(notices()).toEqual(['no']);
  expect([...shell.widgets('main')]).toEqual([]);
});

it('where there is no gateway, that is told', async () => {
  const { app, client } = await startApp();
  client.gateways = [];
  await app.commands.execute(CommandIDs.openScript, { path: PATH });
  expect(notices()).toEqual(['No batch system is configured.']);
});

it.each([CommandIDs.openScript, CommandIDs.runScript])(
  '%s: a script with changes that are not saved is saved first, if the user wants',
  async command => {
    const document = new FakeDocument();
    document.model.dirty = true;
    const { app, client, shell } = await startApp([
      [IDocumentManager, openDocuments(new Map([[PATH, document]]))]
    ]);
    const opened = app.commands.execute(command, { path: PATH });
    await expectDialog(/Save the script first/);
    await answerDialog('Cancel');
    await opened;
    expect(imports(client)).toEqual([]);
    expect([...shell.widgets('main')]).toEqual([]);
  }
);

it('a form in which nothing was typed is filled in', async () => {
  const { shell, page, user } = await withForm();
  await user.click(await page.findByRole('button', { name: 'Open script…' }));
  expect(await page.findByRole('textbox', { name: 'Script' })).toHaveValue(
    PATH
  );
  expect([...shell.widgets('main')]).toHaveLength(1);
});

it.each([
  ['Cancel', 1, 'typed'],
  ['Open in New Form', 2, 'typed'],
  ['Replace', 1, 'fit']
])('what was typed is not lost without asking: %s', async (answer, n, name) => {
  const { shell, page, user } = await withForm();
  await user.type(await page.findByRole('textbox', { name: 'Name' }), 'typed');
  await user.click(page.getByRole('button', { name: 'Open script…' }));
  await expectDialog(/What you have filled in would be gone/);
  await answerDialog(answer);
  await waitFor(() => {
    expect([...shell.widgets('main')]).toHaveLength(n);
    expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue(name);
  });
});
