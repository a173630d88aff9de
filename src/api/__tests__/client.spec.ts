import type { Submission } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { CHANGED_SCHEMA_ID } from '../client';
import { BASE, failureOf, json, PROBLEM, setUp } from './clientHarness';

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
