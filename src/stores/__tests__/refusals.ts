import { BatchError } from '../../api/errors';
import type { Issue, Problem } from '../../model/contract';

/** Why the server takes no submission. */
export function refusal(
  code: Problem['code'],
  detail: readonly Issue[] = [],
  field: string | null = null
): BatchError {
  const problem: Problem = {
    code,
    message: 'no',
    field,
    gateway_id: null,
    retry_after_seconds: null,
    detail: [...detail]
  };
  return new BatchError('no', { status: 422, problem });
}

/** Something that the server says of a field. */
export function issueAt(field: string, changes: Partial<Issue> = {}): Issue {
  return {
    field,
    severity: 'error',
    code: 'out_of_range',
    message: `no such ${field}`,
    limit: null,
    ...changes
  };
}
