import { ServerConnection } from '@jupyterlab/services';
import type { Event } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import type { Submission } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { BatchClient, CHANGED_SCHEMA_ID } from '../client';
import { BatchError } from '../errors';

type Answer = (request: Request) => Response | Promise<Response>;

const BASE = 'http://localhost:1234/user/ada/';

const PROBLEM = readExample('Problem.gateway-unreachable');

function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status });
}

function setUp(answer: Answer, timeoutMs?: number) {
  const requests: Request[] = [];
  const events = new Signal<Event.IManager, Event.Emission>(
    {} as Event.IManager
  );
  const client = new BatchClient({
    events,
    timeoutMs,
    serverSettings: ServerConnection.makeSettings({
      baseUrl: BASE,
      token: 'secret',
      init: { cache: 'default' },
      fetch: async input => {
        const request = input as Request;
        requests.push(request);
        return answer(request);
      }
    })
  });
  const failures: string[] = [];
  client.connectionFailed.connect(() => failures.push('failed'));
  return { client, requests, events, failures };
}

async function failureOf(promise: Promise<unknown>): Promise<BatchError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason
  );
  expect(error).toBeInstanceOf(BatchError);
  return error as BatchError;
}

describe('BatchClient', () => {
  it('asks below the base URL, as the user', async () => {
    const { client, requests } = setUp(() =>
      json(readExample('JobList.first-window'))
    );
    const jobs = await client.listJobs({
      group: 'finished',
      limit: 5,
      q: 'a b'
    });
    expect(jobs.rows).toHaveLength(1);
    expect(requests[0].url).toBe(
      `${BASE}jupyterlab-batch/v1/jobs?group=finished&limit=5&q=a+b`
    );
    expect(requests[0].headers.get('Authorization')).toBe('token secret');
  });

  it('submits under its key', async () => {
    const { client, requests } = setUp(() =>
      json(readExample('Job.failed-notebook'), 201)
    );
    const submission = readExample('Submission.smallest') as Submission;
    const job = await client.submit(submission, 'key-of-the-draft', {
      anyway: true
    });
    expect(job.exit_code).toBe(137);
    expect(requests[0].method).toBe('POST');
    expect(requests[0].url).toMatch(/\/v1\/jobs\?anyway=true$/);
    expect(requests[0].headers.get('Idempotency-Key')).toBe('key-of-the-draft');
    expect(await requests[0].json()).toEqual(submission);
  });

  it('encodes what stands in a path', async () => {
    const { client, requests } = setUp(() => json(PROBLEM, 404));
    await failureOf(client.getGateway('../x?y'));
    expect(requests[0].url).toBe(
      `${BASE}jupyterlab-batch/v1/gateways/..%2Fx%3Fy`
    );
  });

  it.each([
    [
      'check',
      (c: BatchClient) => c.check({} as Submission),
      'POST',
      'jobs/check'
    ],
    [
      'listAllocations',
      (c: BatchClient) => c.listAllocations('g'),
      'GET',
      'gateways/g/allocations?fresh=false'
    ],
    ['getJob', (c: BatchClient) => c.getJob('i'), 'GET', 'jobs/i'],
    [
      'cancelJob',
      (c: BatchClient) => c.cancelJob('i'),
      'POST',
      'jobs/i/cancel'
    ],
    [
      'orderJob',
      (c: BatchClient) => c.orderJob('i', 'suspend'),
      'POST',
      'jobs/i/suspend'
    ],
    ['patchJob', (c: BatchClient) => c.patchJob('i', {}), 'PATCH', 'jobs/i'],
    [
      'resubmitJob',
      (c: BatchClient) => c.resubmitJob('i', {}, 'k'),
      'POST',
      'jobs/i/resubmit'
    ],
    [
      'declareLost',
      (c: BatchClient) => c.declareLost('i'),
      'POST',
      'jobs/i/declare-lost'
    ],
    ['forgetJob', (c: BatchClient) => c.forgetJob('i'), 'DELETE', 'jobs/i'],
    [
      'actOnJobs',
      (c: BatchClient) => c.actOnJobs({ action: 'cancel', job_ids: ['i'] }),
      'POST',
      'jobs/actions'
    ],
    ['markSeen', (c: BatchClient) => c.markSeen(3), 'POST', 'jobs/seen'],
    [
      'getChanges',
      (c: BatchClient) => c.getChanges(3, 's'),
      'GET',
      'changes?since=3&store_id=s'
    ],
    ['listGateways', (c: BatchClient) => c.listGateways(), 'GET', 'gateways'],
    ['listDrafts', (c: BatchClient) => c.listDrafts(), 'GET', 'drafts'],
    ['getDraft', (c: BatchClient) => c.getDraft('k'), 'GET', 'drafts/k'],
    [
      'putDraft',
      (c: BatchClient) => c.putDraft('k', 't', {}),
      'PUT',
      'drafts/k'
    ],
    [
      'deleteDraft',
      (c: BatchClient) => c.deleteDraft('k'),
      'DELETE',
      'drafts/k'
    ]
  ])('%s tells the problem of the server', async (_, call, method, path) => {
    const { client, requests, failures } = setUp(() => json(PROBLEM, 503));
    const error = await failureOf(call(client));
    expect(requests[0].method).toBe(method);
    expect(requests[0].url).toBe(`${BASE}jupyterlab-batch/v1/${path}`);
    expect(error).toMatchObject({
      status: 503,
      isOffline: false,
      problem: PROBLEM
    });
    expect(error.message).toBe(
      'Slurm did not answer. Nothing was submitted. Try again.'
    );
    expect(failures).toEqual([]);
  });

  it('resubmits under its key, with what is to be different', async () => {
    const { client, requests } = setUp(() =>
      json(readExample('Job.failed-notebook'), 201)
    );
    const patch = { name: 'again', resources: { cores: 2 } };
    await client.resubmitJob('i', patch, 'key-of-the-dialog', { anyway: true });
    expect(requests[0].url).toMatch(/\/v1\/jobs\/i\/resubmit\?anyway=true$/);
    expect(requests[0].headers.get('Idempotency-Key')).toBe(
      'key-of-the-dialog'
    );
    expect(await requests[0].json()).toEqual({ patch });
  });

  it('forgets a job', async () => {
    const { client } = setUp(() => new Response(null, { status: 204 }));
    await expect(client.forgetJob('i')).resolves.toBeUndefined();
  });

  it('does one thing to many jobs', async () => {
    const answer = readExample('ActionResults.mixed');
    const { client, requests } = setUp(() => json(answer));
    const input = { action: 'cancel', job_ids: ['a', 'b'] } as const;
    const results = await client.actOnJobs({ ...input, job_ids: ['a', 'b'] });
    expect(await requests[0].json()).toEqual(input);
    expect(results.map(({ outcome }) => outcome)).toEqual([
      'ok',
      'already_final',
      'not_found'
    ]);
  });

  it('throws a draft away', async () => {
    const { client } = setUp(() => new Response(null, { status: 204 }));
    await expect(client.deleteDraft('k')).resolves.toBeUndefined();
  });

  it('is offline when nobody answers', async () => {
    const { client, failures } = setUp(() =>
      Promise.reject(new TypeError('Failed to fetch'))
    );
    const error = await failureOf(client.listJobs());
    expect(error).toMatchObject({ status: 0, isOffline: true, problem: null });
    expect(failures).toEqual(['failed']);
  });

  it('is offline when a proxy answers instead', async () => {
    const { client, failures } = setUp(
      () => new Response('<html>', { status: 502 })
    );
    const error = await failureOf(client.listJobs());
    expect(error).toMatchObject({ status: 502, isOffline: true });
    expect(error.message).not.toContain('<');
    expect(failures).toEqual(['failed']);
  });

  it('tells also of a server that cannot use its store', async () => {
    const problem = readExample('Problem.store-unavailable');
    const { client, failures } = setUp(() => json(problem, 503));
    const error = await failureOf(client.listJobs());
    expect(error).toMatchObject({ status: 503, isOffline: false, problem });
    expect(failures).toEqual(['failed']);
  });

  it('is offline when the answer does not come in time', async () => {
    const { client } = setUp(
      request =>
        new Promise((_, reject) => {
          request.signal.addEventListener('abort', () =>
            reject(new Error('aborted'))
          );
        }),
      5
    );
    expect(await failureOf(client.listJobs())).toMatchObject({
      isOffline: true
    });
  });

  it.each([
    ['no JSON', () => new Response('<html>login</html>')],
    ['other JSON', () => json({ rows: 1 })]
  ])('is an error when a success is %s', async (_, answer) => {
    const { client, failures } = setUp(answer);
    const error = await failureOf(client.listJobs());
    expect(error).toMatchObject({
      status: 200,
      isOffline: false,
      problem: null
    });
    expect(failures).toEqual([]);
  });

  it('gives the bytes of a log and where they stand', async () => {
    const bytes = new Uint8Array([0, 255, 10]);
    const { client, requests } = setUp(
      () =>
        new Response(bytes, {
          headers: {
            'Batch-Log-Offset': '7',
            'Batch-Log-Size': '10',
            ETag: '"a"'
          }
        })
    );
    expect(await client.getLog('i', 'stderr', -3, 100)).toEqual({
      bytes,
      offset: 7,
      size: 10,
      etag: '"a"'
    });
    expect(requests[0].url).toMatch(
      /jobs\/i\/log\?stream=stderr&offset=-3&limit=100$/
    );
  });

  it('refuses a log without its place', async () => {
    const { client } = setUp(() => new Response('x'));
    await failureOf(client.getLog('i', 'stdout', 0, 1));
  });
});

describe('the hints of BatchClient', () => {
  it('are the events of our schema that fit it', () => {
    const { client, events } = setUp(() => json({}));
    const hints: unknown[] = [];
    client.hinted.connect((_, hint) => hints.push(hint));
    const event = { schema_id: CHANGED_SCHEMA_ID };
    events.emit({ ...event, store_id: 's', seq: 3 });
    events.emit({ ...event, store_id: 's', seq: 'forged' });
    events.emit(event);
    events.emit({ schema_id: 'another', store_id: 's', seq: 4 });
    expect(hints).toEqual([{ store_id: 's', seq: 3 }]);
  });

  it('end with it', () => {
    const { client, events } = setUp(() => json({}));
    const hints: unknown[] = [];
    client.hinted.connect((_, hint) => hints.push(hint));
    client.dispose();
    events.emit({ schema_id: CHANGED_SCHEMA_ID, store_id: 's', seq: 3 });
    expect(hints).toEqual([]);
    expect(client.isDisposed).toBe(true);
  });
});
