import type { JobRow } from '../model/contract';
import { decodeJobRow, DecodeError } from '../model/decode';

/**
 * Read what the output of a cell says of a job.
 *
 * @throws DecodeError if it is not `{version: 1, job_id, row}`; the output's HTML or text is shown then.
 */
export function readCard(payload: unknown): JobRow {
  if (typeof payload !== 'object' || payload === null) {
    throw new DecodeError('', 'object');
  }
  const fields = new Map<string, unknown>(Object.entries(payload));
  if (fields.get('version') !== 1) {
    throw new DecodeError('version', '1');
  }
  const row = decodeJobRow(fields.get('row'), 'row');
  if (row.id !== fields.get('job_id')) {
    throw new DecodeError('job_id', row.id);
  }
  return row;
}
