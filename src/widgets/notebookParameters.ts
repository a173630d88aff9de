import { ServerConnection } from '@jupyterlab/services';
import type { Contents } from '@jupyterlab/services';

import { readParameters } from '../model/parameters';
import type { Parameter } from '../model/parameters';

/**
 * Read which parameters a notebook takes.
 *
 * @returns null if it is not there: the check says that, at its field.
 */
export async function readNotebook(
  contents: Contents.IManager,
  path: string
): Promise<readonly Parameter[] | null> {
  try {
    const file = await contents.get(path, { type: 'notebook', content: true });
    return readParameters(file.content);
  } catch (error) {
    if (error instanceof ServerConnection.ResponseError) {
      return null;
    }
    throw error;
  }
}
