import type { Contents } from '@jupyterlab/services';

import { settle } from '../../stores/__tests__/fakeClient';
import { issueAt, refusal } from '../../stores/__tests__/refusals';
import { rest, setUp } from './composeSetUp';

const NAME = issueAt('spec.name', { code: 'required' });
const CORES = issueAt('spec.resources.cores');
const LONG = issueAt('spec.resources.walltime_seconds', {
  severity: 'warning',
  code: 'over_queue',
  limit: 3600
});
const LARGE = { ...LONG, field: 'spec.resources.memory_bytes' };
const PREVIEW = { script: '#!/bin/sh', request: '{}' };

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('submitting before the server has looked', () => {
  it('what it said of earlier contents is not what it is refused for', async () => {
    const { model, client } = await setUp();
    client.verdict = { ...client.verdict, issues: [NAME], preview: PREVIEW };
    model.update({ name: '' });
    await rest();
    expect(model.snapshot.areIssuesOld).toBe(false);

    model.update({ name: 'fit', cores: '-1' });
    expect(model.snapshot.issues).toEqual([NAME]);
    expect(model.snapshot.areIssuesOld).toBe(true);
    client.refusal = refusal('not_valid', [CORES]);
    await model.submit(false);
    expect(model.snapshot.isChecking).toBe(true);
    expect(model.snapshot.issues).toEqual([CORES]);
    expect(model.snapshot.areIssuesOld).toBe(false);

    client.verdict = { ...client.verdict, issues: [CORES], preview: PREVIEW };
    await rest();
    expect(model.snapshot.issues).toEqual([CORES]);
  });

  it('why it was refused outlives the check that comes after', async () => {
    const { model, client } = await setUp();
    model.update({ cores: '2' });
    const error = refusal('gateway_refused', [], 'spec.placement.account');
    client.refusal = error;
    await model.submit(false);
    await rest();
    expect(model.snapshot.isChecking).toBe(false);
    expect(model.snapshot.error).toBe(error);
    expect(model.snapshot.issues.map(({ field }) => field)).toEqual([
      'spec.placement.account'
    ]);
  });

  it('goes on in spite of the warnings that were seen', async () => {
    const { model, client } = await setUp();
    client.verdict = { ...client.verdict, issues: [LONG], preview: PREVIEW };
    model.update({ walltime: '5 h' });
    await rest();
    model.update({ name: 'fit 2' });
    client.warnings = [LONG];
    await model.submit(true);
    expect(client.calls.filter(call => /^submit/.test(call))).toEqual([
      'submit',
      'submit anyway'
    ]);
    expect(model.snapshot.jobId).not.toBeNull();
  });

  it('stops at a warning that was not', async () => {
    const { model, client } = await setUp();
    client.verdict = { ...client.verdict, issues: [LONG], preview: PREVIEW };
    model.update({ walltime: '5 h' });
    await rest();
    model.update({ memory: '900 GB' });
    client.warnings = [LONG, LARGE];
    await model.submit(true);
    expect(client.count(/^submit anyway/)).toBe(0);
    expect(model.snapshot.jobId).toBeNull();
    expect(model.snapshot.issues).toEqual([LONG, LARGE]);
    await model.submit(true);
    expect(model.snapshot.jobId).not.toBeNull();
  });

  it('says nothing at the fields of what was typed meanwhile', async () => {
    const { model, client } = await setUp();
    client.refusal = refusal('not_valid', [CORES]);
    model.update({ cores: '-1' });
    const submitted = model.submit(false);
    model.update({ cores: '1' });
    await submitted;
    expect(model.snapshot.issues).toEqual([]);
    expect(model.snapshot.error).not.toBeNull();
  });
});

it('what stood in the way is looked at once more when asked', async () => {
  const { model, client } = await setUp();
  const gone = issueAt('spec.task.path', { code: 'not_found' });
  client.refusal = refusal('not_valid', [gone]);
  await model.submit(false);
  expect(model.snapshot.issues).toEqual([gone]);
  await model.lookAgain();
  expect(model.snapshot.issues).toEqual([]);
  expect(model.snapshot.error).toBeNull();
});

it('a gateway that is well again stands in the way no more', async () => {
  const { model, client, jobs } = await setUp();
  const [slurm] = client.gateways;
  client.refusal = refusal('gateway_not_signed_in');
  await model.submit(false);
  client.gateways = [{ ...slurm, health: { ...slurm.health, auth_ok: false } }];
  await jobs.refresh();
  expect(model.snapshot.error).not.toBeNull();
  client.gateways = [slurm];
  await jobs.refresh();
  expect(model.snapshot.error).toBeNull();
});

it('of two checks of the same contents the later one counts', async () => {
  const { model, client } = await setUp();
  client.verdict = { ...client.verdict, issues: [NAME], preview: PREVIEW };
  const release = client.hold();
  const first = model.lookAgain();
  client.gate = Promise.resolve();
  client.verdict = { ...client.verdict, issues: [], preview: PREVIEW };
  await model.lookAgain();
  release();
  await first;
  expect(model.snapshot.issues).toEqual([]);
});

it('a notebook that is read late does not take the place of the present one', async () => {
  const waiting = new Map<string, () => void>();
  const get = (path: string) =>
    new Promise(resolve => {
      waiting.set(path, () =>
        resolve({ content: { metadata: {}, cells: [] } })
      );
    });
  const { model } = await setUp(
    {},
    { contents: { get } as never as Contents.IManager }
  );
  model.update({ path: 'other.ipynb' });
  await rest();
  waiting.get('other.ipynb')?.();
  await settle();
  expect(model.snapshot.parameters).toEqual([]);
  waiting.get('fit.ipynb')?.();
  await settle();
  expect(model.snapshot.parameters).toEqual([]);
});
