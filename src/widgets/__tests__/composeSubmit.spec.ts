import { BatchError } from '../../api/errors';
import type { Problem } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { idOf } from '../../stores/__tests__/fakeClient';
import { rest, setUp } from './composeSetUp';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
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

  it('says that it takes long, until there is an answer', async () => {
    jest.useFakeTimers();
    try {
      const { model, client } = await setUp();
      const release = client.hold();
      const done = model.submit(false);
      await jest.advanceTimersByTimeAsync(7_900);
      expect(model.snapshot.isSlow).toBe(false);
      await jest.advanceTimersByTimeAsync(200);
      expect(model.snapshot.isSlow).toBe(true);
      release();
      await done;
      expect(model.snapshot.isSlow).toBe(false);
    } finally {
      jest.useRealTimers();
    }
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

  it('a store that is locked: kept here, then kept there, sent by the user alone', async () => {
    const { model, client, jobs } = await setUp();
    model.update({ cores: '2' });
    await rest();
    client.isStoreLocked = true;
    model.update({ cores: '3' });
    await model.submit(false);
    await jobs.refresh();
    expect(jobs.snapshot.state).toBe('stale');
    expect(model.snapshot.error?.message).toBe('no');
    expect(model.snapshot.content.cores).toBe('3');
    expect(model.isAtRisk).toBe(true);

    client.isStoreLocked = false;
    await jobs.refresh();
    await rest();
    expect(model.snapshot.error).toBeNull();
    expect(model.isAtRisk).toBe(false);
    expect([...client.drafts.values()]).toEqual([
      expect.objectContaining({
        content: expect.objectContaining({ cores: '3' })
      })
    ]);
    expect(model.snapshot.jobId).toBeNull();
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
