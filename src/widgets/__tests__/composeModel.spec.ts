import { ServerConnection } from '@jupyterlab/services';

import { FakeClient, settle } from '../../stores/__tests__/fakeClient';
import { issueAt } from '../../stores/__tests__/refusals';
import { rest, setUp } from './composeSetUp';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('the gateway', () => {
  it('is the first one where none was chosen', async () => {
    const { model } = await setUp();
    expect(model.snapshot.content.gateway_id).toBe('slurm');
    expect(model.isTouched).toBe(false);
  });

  it.each([
    ['local', 'local'],
    ['not-there', 'slurm']
  ])('%s of the settings becomes %s', async (defaultGateway, chosen) => {
    const client = new FakeClient();
    const [slurm] = client.gateways;
    client.gateways = [slurm, { ...slurm, id: 'local' }];
    const { model } = await setUp({}, { defaultGateway }, client);
    expect(model.snapshot.content.gateway_id).toBe(chosen);
  });

  it('is asked for by the server where there is none', async () => {
    const client = new FakeClient();
    client.gateways = [];
    await setUp({}, {}, client);
    expect(client.checked.map(({ gateway_id }) => gateway_id)).toContain('');
  });

  it('that was chosen stays', async () => {
    const { model } = await setUp({ gateway_id: 'mine' });
    expect(model.snapshot.content.gateway_id).toBe('mine');
  });
});

describe('the check', () => {
  it('waits until typing stops, and is of the last contents', async () => {
    const { model, client } = await setUp();
    client.checked.length = 0;
    for (const cores of ['2', '23', '234']) {
      model.update({ cores });
      await jest.advanceTimersByTimeAsync(50);
    }
    expect(model.snapshot.isChecking).toBe(true);
    await rest();
    expect(client.checked.map(({ spec }) => spec.resources.cores)).toEqual([
      234
    ]);
    expect(model.snapshot.isChecking).toBe(false);
    expect(model.snapshot.preview?.script).toBe('#!/bin/sh');
  });

  it('of a form with a text that cannot be sent is of all the others', async () => {
    const { model, client } = await setUp();
    client.checked.length = 0;
    const issues = [issueAt('spec.task.path'), issueAt('spec.resources.cores')];
    client.verdict = { ...client.verdict, issues };
    model.update({ cores: 'two', memory: '2GB' });
    await rest();
    expect(client.checked.map(({ spec }) => spec.resources)).toMatchObject([
      { cores: 0, memory_bytes: 2 ** 31 }
    ]);
    expect(model.snapshot.issues).toEqual(issues);
    expect(model.snapshot.formIssues).toHaveLength(1);
    expect(model.snapshot.submission).toBeNull();
    expect(model.snapshot.preview).toBeNull();
    expect(model.snapshot.charge).toBeNull();
    expect(await model.submit(true)).toBe(false);
    expect(client.count(/^submit/)).toBe(0);
  });

  it('of earlier contents is not taken for that of later ones', async () => {
    const { model, client } = await setUp();
    client.verdict = {
      ...client.verdict,
      issues: [],
      preview: { script: 'of 2', request: '' }
    };
    const release = client.hold();
    model.update({ cores: '2' });
    await jest.advanceTimersByTimeAsync(300);
    client.verdict = {
      ...client.verdict,
      issues: [],
      preview: { script: 'of 3', request: '' }
    };
    model.update({ cores: '3' });
    release();
    await settle();
    expect(model.snapshot.preview?.script).not.toBe('of 2');
    await rest();
    expect(model.snapshot.preview?.script).toBe('of 3');
  });

  it('that fails is said, and the next one clears it', async () => {
    const { model, client } = await setUp();
    client.isOffline = true;
    model.update({ cores: '2' });
    await rest();
    expect(model.snapshot.error).not.toBeNull();
    client.isOffline = false;
    model.update({ cores: '3' });
    await rest();
    expect(model.snapshot.error).toBeNull();
  });
});

describe('the script that it was filled in from', () => {
  const opened = { opened_script: 'fit.sh', opened_for: 'slurm' };

  it('is read again where the form was kept, once', async () => {
    const { model, client } = await setUp(opened);
    expect(model.snapshot.script?.imported.taken).toHaveLength(3);
    model.update({ cores: '7' });
    await rest();
    expect(client.count(/^import slurm fit.sh$/)).toBe(1);
    expect(model.snapshot.script).not.toBeNull();
  });

  it('may be gone', async () => {
    const client = new FakeClient();
    client.script = null;
    const { model } = await setUp(opened, {}, client);
    expect(model.snapshot.script).toBeNull();
    expect(model.snapshot.error).toBeNull();
  });
});

describe('the notebook', () => {
  it('gives its parameters', async () => {
    const { model } = await setUp();
    expect(model.snapshot.parameters?.map(({ name }) => name)).toEqual(['n']);
  });

  it('of another path gives none until it was read', async () => {
    const { model } = await setUp();
    model.update({ path: 'other.ipynb' });
    expect(model.snapshot.parameters).toBeNull();
    await rest();
    expect(model.snapshot.parameters).toHaveLength(1);
  });

  it('that is not there is left to the check to say', async () => {
    const { model, get } = await setUp();
    get.mockRejectedValue(
      new ServerConnection.ResponseError(new Response('', { status: 404 }))
    );
    model.update({ path: 'gone.ipynb' });
    await rest();
    expect(model.snapshot.parameters).toBeNull();
    expect(model.snapshot.error).toBeNull();
  });

  it('that is open and changed is said, and saved from here', async () => {
    const { model, document } = await setUp();
    expect(model.snapshot.hasUnsavedNotebook).toBe(false);
    document.model.change();
    expect(model.snapshot.hasUnsavedNotebook).toBe(true);
    await model.saveNotebook();
    expect(document.saves).toBe(1);
    expect(model.snapshot.hasUnsavedNotebook).toBe(false);
  });

  it('says nothing of a command', async () => {
    const { model, document } = await setUp();
    document.model.change();
    model.update({ kind: 'command', command: 'ls' });
    await rest();
    expect(model.snapshot.hasUnsavedNotebook).toBe(false);
  });
});

describe('the kept form', () => {
  it('that nobody touched is thrown away when it is closed', async () => {
    const { model, client } = await setUp();
    expect(client.drafts.size).toBe(1);
    model.dispose();
    await rest();
    expect(client.drafts.size).toBe(0);
  });

  it('that was touched stays, with the last letter', async () => {
    const { model, client } = await setUp();
    const { key } = model;
    model.update({ name: 'fit 2' });
    model.dispose();
    await rest();
    expect(client.drafts.get(key)?.title).toBe('fit 2');
  });

  it('that was opened again stays though untouched', async () => {
    const { model, client } = await setUp({}, { isRestored: true });
    model.dispose();
    await rest();
    expect(client.drafts.size).toBe(1);
  });

  it('stands not among the others', async () => {
    const { model, client } = await setUp();
    await client.putDraft('other', 'spectra', {});
    const another = await setUp({}, {}, client);
    expect(another.model.snapshot.drafts.map(({ key }) => key)).toContain(
      'other'
    );
    expect(another.model.snapshot.drafts.map(({ key }) => key)).not.toContain(
      another.model.key
    );
    model.dispose();
  });
});

it('after it is closed it says and asks nothing', async () => {
  const { model, client, document } = await setUp();
  const changed = jest.fn();
  const release = client.hold();
  model.update({ cores: '2' });
  await jest.advanceTimersByTimeAsync(300);
  model.changed.connect(changed);
  model.dispose();
  release();
  await rest();
  client.calls.length = 0;
  document.model.change();
  await rest();
  expect(changed).not.toHaveBeenCalled();
  expect(client.calls).toEqual([]);
});
