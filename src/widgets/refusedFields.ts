import { BatchError } from '../api/errors';
import type { Issue } from '../model/contract';

/** What the refusal of a submission says about its fields. */
export function issuesOf(error: Error | null): readonly Issue[] {
  const problem = error instanceof BatchError ? error.problem : null;
  if (!problem || problem.detail.length > 0 || problem.field === null) {
    return problem?.detail ?? [];
  }
  return [
    {
      field: problem.field,
      severity: 'error',
      code: 'gateway_refused',
      message: problem.message,
      limit: null
    }
  ];
}
