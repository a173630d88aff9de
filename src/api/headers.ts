import { BatchError } from './errors';

/**
 * Read a number from a header of an answer.
 *
 * @throws BatchError if it is not there.
 */
export function readCount(response: Response, name: string): number {
  const written = response.headers.get(name);
  const count = Number(written);
  if (written === null || !Number.isSafeInteger(count)) {
    throw new BatchError(`The server's answer lacks the header ${name}.`, {
      status: response.status
    });
  }
  return count;
}
