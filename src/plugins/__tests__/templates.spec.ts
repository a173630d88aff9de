import { ServerConnection } from '@jupyterlab/services';

import { newForm } from '../../model/form';
import { writeTemplate } from '../../model/template';
import { CommandIDs } from '../../widgets/jobCommands';
import { startApp } from './testApp';

afterEach(() => jest.restoreAllMocks());

const NAME = 'often.batch.json';

it('a template is a type of file of its own, and opens as a form', async () => {
  const { app } = await startApp();
  expect(app.docRegistry.getFileTypesForPath(NAME)[0]).toMatchObject({
    name: 'batch-template'
  });
  expect(app.docRegistry.getFileTypesForPath('a.json')[0].name).toBe('json');
  expect(app.docRegistry.defaultWidgetFactory(NAME).name).toBe(
    'Batch Job Form'
  );
});

it('a template fills in a form, which is kept as any other', async () => {
  const { app, shell } = await startApp();
  const content = newForm({ kind: 'command', command: 'true', name: 'often' });
  jest
    .spyOn(app.serviceManager.contents, 'get')
    .mockResolvedValue({ content: writeTemplate(content) } as never);
  await app.commands.execute(CommandIDs.openTemplate, { path: NAME });
  const [form] = [...shell.widgets()].slice(-1);
  expect(form.title.label).toBe('New job: often');
});

it.each([
  ['what is none', async () => ({ content: '{}' }) as never],
  [
    'what is not there',
    async () => {
      throw new ServerConnection.ResponseError(
        new Response(null, { status: 404 })
      );
    }
  ]
])('opens nothing of %s', async (_, get) => {
  const { app } = await startApp();
  jest.spyOn(app.serviceManager.contents, 'get').mockImplementation(get);
  await expect(
    app.commands.execute(CommandIDs.openTemplate, { path: NAME })
  ).resolves.toBeNull();
});
