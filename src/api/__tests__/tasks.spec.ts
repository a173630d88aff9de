import { ServerConnection } from '@jupyterlab/services';

import { readExample } from '../../model/__tests__/examples';
import { BatchClient } from '../client';

function setUp(answer: Response) {
  const asked: string[] = [];
  const client = new BatchClient({
    serverSettings: ServerConnection.makeSettings({
      baseUrl: 'http://localhost:1234/',
      init: { cache: 'default' },
      fetch: async input => {
        asked.push((input as Request).url.replace(/.*\/v1\//, ''));
        return answer;
      }
    })
  });
  return { client, asked };
}

it('asks for a window of the tasks of an array', async () => {
  const answer = readExample('TaskList.failed');
  const { client, asked } = setUp(new Response(JSON.stringify(answer)));
  const query = {
    phase: ['ERROR', 'QUEUED'],
    sort: 'memory',
    descending: true,
    offset: 100
  } as const;
  expect(await client.listTasks('i', query)).toEqual(answer);
  expect(asked).toEqual([
    'jobs/i/tasks?phase=ERROR&phase=QUEUED&sort=memory&descending=true&offset=100'
  ]);
});

it.each([
  [0, 'jobs/i/log?stream=stdout&offset=0&limit=1&task=0'],
  [null, 'jobs/i/log?stream=stdout&offset=0&limit=1']
])('asks for the log of task %p', async (task, url) => {
  const headers = { 'Batch-Log-Offset': '0', 'Batch-Log-Size': '0' };
  const { client, asked } = setUp(new Response('', { headers }));
  await client.getLog('i', 'stdout', 0, 1, task);
  expect(asked).toEqual([url]);
});
