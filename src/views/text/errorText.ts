import type { TranslationBundle } from '@jupyterlab/translation';

import type { BatchError } from '../../api/errors';
import { problemText } from './problemText';

/** What a failed call means to the user. */
export function errorText(error: Error, trans: TranslationBundle): string {
  if (!isBatchError(error)) {
    return error.message;
  }
  if (error.problem) {
    return problemText(error.problem, trans);
  }
  return error.isOffline
    ? trans.__(
        'The Jupyter server did not answer. Your jobs go on, and forms are kept. Try again.'
      )
    : trans.__(
        'The Jupyter server did not answer as this page expects: it may have another version of jupyterlab-batch than the page, or you may not be signed in any more. Your jobs go on, and forms are kept. Reload the page.'
      );
}

/** Whether something answered a call, but not the server that this page knows. */
export function isMisread(error: Error | null): error is BatchError {
  return isBatchError(error) && error.problem === null && !error.isOffline;
}

/** Whether a call failed because the server cannot use its store of jobs. */
export function isOfStore(error: Error | null): error is BatchError {
  const code = isBatchError(error) ? error.problem?.code : undefined;
  return code === 'store_unavailable' || code === 'store_of_newer_version';
}

/** Whether that is so for as long as the server has this version. */
export function isOfNewerStore(error: Error | null): error is BatchError {
  return isOfStore(error) && error.problem?.code === 'store_of_newer_version';
}

/** Views do not load the client, so its error is known by its name. */
export function isBatchError(error: Error | null): error is BatchError {
  return error?.name === 'BatchError';
}
