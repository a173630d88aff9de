import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import '../../style/base.css';
import '../../style/card.css';
import { DecodeError } from '../model/decode';
import { UnreadCard } from '../views/job/UnreadCard';

/**
 * Read the card that an output carries; make a widget that says that this page is too old for it.
 *
 * @throws DecodeError if it is none that any version makes: it says no version, or has no row.
 */
export function readOrTell<T>(
  model: IRenderMime.IMimeModel,
  mimeType: string,
  read: (payload: unknown) => T,
  trans: TranslationBundle
): { card: T } | { unread: ReactWidget } {
  const payload: unknown = model.data[mimeType];
  try {
    return { card: read(payload) };
  } catch (error) {
    if (!(error instanceof DecodeError && isCard(payload))) {
      throw error;
    }
    const text = [model.data['text/plain'] ?? ''].flat().join('');
    return {
      unread: ReactWidget.create(<UnreadCard text={text} trans={trans} />)
    };
  }
}

/** Whether something calls itself a card, of whatever version. */
function isCard(payload: unknown): boolean {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    'version' in payload &&
    typeof payload.version === 'number' &&
    'row' in payload &&
    typeof payload.row === 'object' &&
    payload.row !== null
  );
}
