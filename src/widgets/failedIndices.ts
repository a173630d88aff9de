import type { IBatchClient } from '../tokens';

/** So many tasks can be asked for at a time. */
const WINDOW = 500;

/** Ask which tasks of an array have failed; all of them, however many. */
export async function failedIndices(
  client: IBatchClient,
  jobId: string
): Promise<number[]> {
  const indices: number[] = [];
  for (;;) {
    const { tasks, total } = await client.listTasks(jobId, {
      phase: ['ERROR'],
      offset: indices.length,
      limit: WINDOW
    });
    indices.push(...tasks.map(({ index }) => index));
    if (tasks.length === 0 || indices.length >= total) {
      return indices;
    }
  }
}
