import type { TranslationBundle } from '@jupyterlab/translation';

import { errorText } from '../../views/text/errorText';
import { tell } from './tell';

/** Do something; tell the user if it failed. */
export async function attempt(
  trans: TranslationBundle,
  act: () => Promise<void>
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    tell('error', errorText(reason, trans));
  }
}
