import { BatchError } from '../api/errors';
import type { Issue } from '../model/contract';

/** What the server said before the user chose to submit anyway. */
export type SeenIssues = Readonly<{
  issues: readonly Issue[];
  /** The form was changed since: there may be others now. */
  areOld: boolean;
}>;

/**
 * Send a submission in spite of the warnings that the user has seen, and of no others.
 *
 * @param send - does it, with the warnings of the server or `anyway`.
 * @param seen - null if the user has not chosen to submit anyway.
 */
export async function sendSeen<T>(
  send: (anyway: boolean) => Promise<T>,
  seen: SeenIssues | null
): Promise<T> {
  try {
    return await send(seen !== null && !seen.areOld);
  } catch (error) {
    if (seen === null || !warnsOnlyOf(error, seen.issues)) {
      throw error;
    }
    return send(true);
  }
}

/** Whether a submission failed for nothing but warnings, all of them seen by the user. */
function warnsOnlyOf(error: unknown, seen: readonly Issue[]): boolean {
  const problem = error instanceof BatchError ? error.problem : null;
  return (
    problem?.code === 'warnings' &&
    problem.detail.every(warning =>
      seen.some(
        ({ field, code, limit }) =>
          field === warning.field &&
          code === warning.code &&
          limit === warning.limit
      )
    )
  );
}
