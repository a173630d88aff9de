import { Notification } from '@jupyterlab/apputils';
import { ServerConnection } from '@jupyterlab/services';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { screen, waitFor } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import { readExample } from '../../model/__tests__/examples';
import type { ClusterOffer } from '../../model/contract';
import { issueAt, refusal } from '../../stores/__tests__/refusals';
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
import { startWith } from './oneCluster';

// Each test starts an application, and loads what it asks for.
jest.setTimeout(60_000);

eachTestStartsClean();

describe('a new cluster', () => {
  /** Settings that note what is kept in them. */
  function settings(form: unknown = {}) {
    const set = jest.fn(async () => undefined);
    const get = () => ({ composite: form });
    return { set, registry: { load: async () => ({ get, set }) } };
  }

  it('is started as the form says, once, and the form is kept', async () => {
    const { set, registry } = settings();
    const { dask, run, shell } = await startWith({}, [
      [ISettingRegistry, registry]
    ]);
    const done = run(CommandIDs.newCluster);
    await type('Name', 'crossmatch');
    await type('Workers', '2');
    await expectDialog(
      /2 workers with 2 cores and 3\.8 GB of memory in all: 2 core-hours for each hour that they run/
    );
    await answerDialog('Start');
    await done;
    expect(dask.started).toEqual([
      {
        gateway_id: 'local',
        spec: {
          name: 'crossmatch',
          workers: { kind: 'fixed', count: 2 },
          idle_stop_seconds: 3600,
          options: { worker_cores: 1, worker_memory_bytes: 2013265920 }
        }
      }
    ]);
    expect(set).toHaveBeenCalledWith(
      'form',
      expect.objectContaining({ gateway_id: 'local', name: 'crossmatch' })
    );
    expect(shell.active).toBe('jupyterlab-batch-jobs');
  });

  it('says what it takes while it is typed, and nothing while that cannot be told', async () => {
    const { run } = await startWith();
    void run(CommandIDs.newCluster);
    await type('Workers', '1');
    await expectDialog(
      /[^\d]1 worker with 1 core and 1\.9 GB of memory in all: 1 core-hour for each hour that it runs/
    );
    await type('Cores of each worker', '3');
    await expectDialog(/1 worker with 3 cores .*: 3 core-hours for each hour/);
    await userEvent.click(await field('As the work asks'));
    await type('At most', '2');
    await expectDialog(
      /At most 2 workers with 6 cores .*: 6 core-hours for each hour/
    );
    await type('Memory of each worker', 'much');
    expect(await findDialog()).not.toHaveTextContent(/core-hour/);
  });

  it('begins as the last one was, and shows problems at their fields', async () => {
    const { registry } = settings({ gateway_id: 'local', idle_stop: '9d' });
    const { dask, run } = await startWith({}, [[ISettingRegistry, registry]]);
    dask.refusal = refusal('not_valid', [
      issueAt('spec.idle_stop_seconds'),
      issueAt('spec.options.python')
    ]);
    void run(CommandIDs.newCluster);
    expect(await field('Stops when idle for')).toHaveValue('9d');
    await answerDialog('Start');
    await waitFor(() =>
      expect(
        screen.getByLabelText('Stops when idle for')
      ).toHaveAccessibleDescription(/no such spec.idle_stop_seconds/)
    );
    expect(await field('Stops when idle for')).toHaveFocus();
    expect(await field('Python')).toBeInvalid();
    // What is refused is not counted.
    expect(await findDialog()).not.toHaveTextContent(/core-hour/);
    await type('Stops when idle for', '1h');
    expect(await field('Stops when idle for')).toBeValid();
  });

  it('takes all kinds of options of a Dask Gateway as they are typed, and leaves empty what is emptied', async () => {
    const { dask, run } = await startWith();
    dask.offers = (
      readExample('ClusterGatewayList.dask-gateway') as {
        gateways: ClusterOffer[];
      }
    ).gateways;
    void run(CommandIDs.newCluster);
    // Which of its options say what it takes, only the gateway knows.
    expect(await field('Cores per worker')).toHaveValue('1');
    expect(await findDialog()).not.toHaveTextContent(/core-hour/);
    await userEvent.clear(await field('Cores per worker'));
    expect(await field('Cores per worker')).toHaveValue('');
    await type('Memory per worker (GiB)', '1.50');
    expect(await field('Memory per worker (GiB)')).toHaveValue('1.50');
    await userEvent.selectOptions(await field('Image'), 'Weekly');
    await type('Environment variables', 'A=1\nB=two');
    await type('Note', 'deep');
    await userEvent.click(await field('Use a GPU'));
    await answerDialog('Start');
    await waitFor(() => expect(dask.started).toHaveLength(1));
    expect(dask.started[0].spec.options).toEqual({
      worker_memory: 1.5,
      image: 'Weekly',
      environment: { A: '1', B: 'two' },
      note: 'deep',
      gpu: true
    });
  });

  it('is checked while it is typed, and what will be different is said', async () => {
    const { dask, run } = await startWith();
    dask.issues = [
      {
        field: 'spec.workers.count',
        severity: 'warning',
        code: 'over_machine',
        message: 'Reduced to 3 workers: no room for more.',
        limit: 3
      }
    ];
    void run(CommandIDs.newCluster);
    await type('Workers', '99');
    const workers = await field('Workers');
    await waitFor(() =>
      expect(workers).toHaveAccessibleDescription(/There are at most 3/)
    );
    expect(workers).toBeValid();
    expect(dask.checked.slice(-1)).toMatchObject([
      { spec: { workers: { kind: 'fixed', count: 99 } } }
    ]);
    expect(dask.started).toEqual([]);
    await answerDialog('Start');
    await waitFor(() => expect(dask.started).toHaveLength(1));
  });

  it('is saved as a template from its form, which comes back as it was, and opened from it', async () => {
    const { app, dask, run } = await startWith();
    const save = jest.fn(async () => undefined);
    Object.assign(app.serviceManager.contents, { save });
    jest
      .spyOn(app.serviceManager.contents, 'get')
      .mockRejectedValue(
        new ServerConnection.ResponseError(new Response(null, { status: 404 }))
      );
    void run(CommandIDs.newCluster);
    await type('Name', 'nightly');
    await type('Workers', '3');
    await answerDialog('Save as Template…');
    await expectDialog(/^Save as Template/);
    await answerDialog('Save');
    expect(await field('Workers')).toHaveValue('3');
    const [[path, { content }]] = save.mock.calls as never as [
      [string, { content: string }]
    ];
    expect(path).toBe('nightly.batch.json');
    expect(JSON.parse(content)).toMatchObject({
      kind: 'jupyterlab-batch cluster template',
      form: { name: 'nightly', workers: { count: '3' } }
    });
    await answerDialog('Cancel');
    Notification.dismiss();

    jest
      .spyOn(app.serviceManager.contents, 'get')
      .mockResolvedValue({ content } as never);
    void app.commands.execute(CommandIDs.openTemplate, { path });
    expect(await field('Name')).toHaveValue('nightly');
    await answerDialog('Start');
    await waitFor(() => expect(dask.started).toHaveLength(1));
    expect(dask.started[0].spec).toMatchObject({
      name: 'nightly',
      workers: { kind: 'fixed', count: 3 }
    });
    jest.restoreAllMocks();
  });

  it('of a template for a gateway that is not here says so', async () => {
    const { app } = await startWith();
    const template = JSON.stringify({
      kind: 'jupyterlab-batch cluster template',
      version: 1,
      form: { gateway_id: 'elsewhere', name: 'far' }
    });
    void app.commands.execute(CommandIDs.newCluster, { template });
    expect(await field('Name')).toHaveValue('far');
    expect(notices()).toEqual([
      expect.stringMatching(/for the gateway elsewhere/)
    ]);
  });

  it('whose answer is lost is sent again under its key', async () => {
    const { client, dask, run } = await startWith();
    client.isAnswerLost = true;
    const opened = run(CommandIDs.newCluster);
    await waitFor(() => expect(client.calls).toContain('offers'));
    client.isAnswerLost = false;
    await opened;
    Notification.dismiss();
    void run(CommandIDs.newCluster);
    await findDialog();
    client.isAnswerLost = true;
    await answerDialog('Start');
    await expectDialog(/Jupyter server did not answer/);
    client.isAnswerLost = false;
    await answerDialog('Start');
    await waitFor(() => expect(dask.keys).toHaveLength(2));
    expect(dask.keys[0]).toBe(dask.keys[1]);
  });

  it('where no gateway starts any is not asked for', async () => {
    const { dask, run } = await startWith();
    dask.offers = [];
    await run(CommandIDs.newCluster);
    expect(notices()).toEqual([
      'No gateway of this Jupyter server starts Dask clusters.'
    ]);
  });
});
