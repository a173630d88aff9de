import { ServerConnection } from '@jupyterlab/services';
import type { Contents } from '@jupyterlab/services';

import { BatchError } from '../../api/errors';
import type { Problem } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { newForm } from '../../model/form';
import type { FormContent } from '../../model/form';
import { DraftStore } from '../../stores/draft';
import { FakeClient, idOf, settle } from '../../stores/__tests__/fakeClient';
import { JobStore } from '../../stores/jobs';
import { ComposeModel } from '../composeModel';
import { DocumentWatch } from '../documents';
import { FakeDocument, openDocuments } from './fakeDocuments';

const NOTEBOOK = {
  metadata: { kernelspec: { language: 'python' } },
  cells: [
    {
      cell_type: 'code',
      metadata: { tags: ['parameters'] },
      source: 'n = 3\n'
    }
  ]
};

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** Let the form be looked at: its check waits until typing stops. */
async function rest(): Promise<void> {
  await jest.advanceTimersByTimeAsync(1_000);
}

async function setUp(
  content: Partial<FormContent> = {},
  options: Partial<ComposeModel.IOptions> = {},
  client = new FakeClient()
) {
  const jobs = new JobStore({ client });
  const get = jest.fn(async () => ({ content: NOTEBOOK }));
  const document = new FakeDocument();
  const model = new ComposeModel({
    client,
    jobs,
    draft: new DraftStore({
      client,
      content: newForm({ path: 'fit.ipynb', name: 'fit', ...content })
    }),
    contents: { get } as never as Contents.IManager,
    documents: new DocumentWatch(
      openDocuments(new Map([['fit.ipynb', document]]))
    ),
    isRestored: false,
    defaultGateway: '',
    ...options
  });
  await rest();
  return { client, jobs, get, document, model };
}

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

  it('is not asked for what cannot be sent', async () => {
    const { model, client } = await setUp();
    client.checked.length = 0;
    model.update({ cores: 'two' });
    await rest();
    expect(client.checked).toEqual([]);
    expect(model.snapshot.submission).toBeNull();
    expect(model.snapshot.preview).toBeNull();
    expect(model.snapshot.formIssues).toHaveLength(1);
  });

  it('of earlier contents is not taken for that of later ones', async () => {
    const { model, client } = await setUp();
    const release = client.hold();
    model.update({ cores: '2' });
    await jest.advanceTimersByTimeAsync(300);
    client.gate = Promise.resolve();
    client.verdict = { issues: [], preview: { script: 'late', request: '' } };
    model.update({ cores: '3' });
    release();
    await settle();
    expect(model.snapshot.isChecking).toBe(true);
    await rest();
    expect(model.snapshot.preview?.script).toBe('late');
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

describe('submitting', () => {
  it('keeps the form first, then sends it under its key', async () => {
    const { model, client, jobs } = await setUp();
    const { key } = model;
    model.update({ name: 'fit 2' });
    client.calls.length = 0;
    await model.submit(false);
    expect(client.calls.slice(0, 2)).toEqual(['put fit 2', 'submit']);
    expect(client.drafts.has(key)).toBe(true);
    expect(model.snapshot.jobId).toBe(idOf(1));
    expect(jobs.row(idOf(1))?.name).toBe('fit 2');
  });

  it('is done once, however often it is asked', async () => {
    const { model, client } = await setUp();
    const release = client.hold();
    const tries = [model.submit(false), model.submit(false)];
    expect(model.snapshot.isSubmitting).toBe(true);
    release();
    await Promise.all(tries);
    expect(client.count(/^submit/)).toBe(1);
    expect(model.snapshot.isSubmitting).toBe(false);
  });

  it('whose answer was lost is tried again under the same key: one job', async () => {
    const { model, client, jobs } = await setUp();
    const { submit } = client;
    client.submit = async (...args) => {
      await submit.apply(client, args);
      throw new BatchError('gone', { status: 0, isOffline: true });
    };
    await model.submit(false);
    expect(model.snapshot.error).not.toBeNull();
    expect(model.snapshot.jobId).toBeNull();
    client.submit = submit;
    await model.submit(false);
    expect(model.snapshot.jobId).toBe(idOf(1));
    await jobs.refresh();
    expect(jobs.snapshot.counts?.queued).toBe(1);
  });

  it('says anyway only if the user did', async () => {
    const { model, client } = await setUp();
    await model.submit(true);
    expect(client.count(/^submit anyway$/)).toBe(1);
  });

  it('goes on without a kept form: its key is here', async () => {
    const { model, client } = await setUp();
    model.update({ cores: '2' });
    client.putDraft = async () => {
      throw new BatchError('full', { status: 507 });
    };
    await model.submit(false);
    expect(model.snapshot.jobId).toBe(idOf(1));
  });

  it('that is refused says it at the field, until that is changed', async () => {
    const { model, client } = await setUp();
    const problem: Problem = {
      ...(readExample('Problem.gateway-unreachable') as Problem),
      code: 'gateway_refused',
      message: 'Invalid qos',
      field: 'spec.placement.account',
      detail: []
    };
    client.refusal = new BatchError('refused', { status: 422, problem });
    await model.submit(false);
    expect(model.snapshot.jobId).toBeNull();
    expect(model.snapshot.issues).toEqual([
      expect.objectContaining({
        field: 'spec.placement.account',
        severity: 'error',
        message: 'Invalid qos'
      })
    ]);
    client.refusal = null;
    model.update({ account: 'lenses' });
    await rest();
    expect(model.snapshot.issues).toEqual([]);
    await model.submit(false);
    expect(model.snapshot.jobId).toBe(idOf(1));
  });

  it('as another job takes another key', async () => {
    const { model } = await setUp();
    const { key } = model;
    await model.submit(false);
    model.submitAnother();
    expect(model.key).not.toBe(key);
    expect(model.snapshot.jobId).toBeNull();
    await model.submit(false);
    expect(model.snapshot.jobId).toBe(idOf(2));
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
