import type { ILogChunk } from '../tokens';
import { BatchError } from './errors';

/** Read where in a log the text of an answer stands. */
export function readLogHead(response: Response): Omit<ILogChunk, 'bytes'> {
  return {
    offset: readCount(response, 'Batch-Log-Offset'),
    size: readCount(response, 'Batch-Log-Size'),
    etag: response.headers.get('ETag') ?? ''
  };
}

/**
 * Read a number from a header of an answer.
 *
 * @throws BatchError if it is not there.
 */
function readCount(response: Response, name: string): number {
  const written = response.headers.get(name);
  const count = Number(written);
  if (written === null || !Number.isSafeInteger(count)) {
    throw new BatchError(`The server's answer lacks the header ${name}.`, {
      status: response.status
    });
  }
  return count;
}
