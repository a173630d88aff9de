import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

/** Something that publishes frozen values, each replacing the one before. */
export interface ISnapshotSource<T> {
  readonly snapshot: T;
  readonly changed: ISignal<unknown, unknown>;
}

/** The present value of a source; the component is drawn again when it is replaced. */
export function useSnapshot<T>(source: ISnapshotSource<T>): T {
  const subscribe = React.useCallback(
    (onChange: () => void) => {
      const connection = { onChange };
      source.changed.connect(connection.onChange, connection);
      return () => {
        source.changed.disconnect(connection.onChange, connection);
      };
    },
    [source]
  );
  return React.useSyncExternalStore(subscribe, () => source.snapshot);
}
