import type { Submission } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import type { BatchClient } from '../client';
import { BASE, failureOf, json, PROBLEM, setUp } from './clientHarness';

describe('BatchClient', () => {
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
      (c: BatchClient) => c.getChanges({ since: 3, store_id: 's' }),
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

  it('waits longer for a batch system than for an answer of its own', async () => {
    jest.useFakeTimers();
    try {
      const { client, requests } = setUp(() => new Promise(() => undefined));
      void client.listJobs();
      void client.cancelJob('i');
      await jest.advanceTimersByTimeAsync(149_000);
      expect(requests.map(({ signal }) => signal.aborted)).toEqual([
        true,
        false
      ]);
      await jest.advanceTimersByTimeAsync(2_000);
      expect(requests[1].signal.aborted).toBe(true);
    } finally {
      jest.useRealTimers();
    }
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

  it('refuses a log without its place', async () => {
    const { client } = setUp(() => new Response('x'));
    await failureOf(client.getLog('i', 'stdout', 0, 1));
  });
});
