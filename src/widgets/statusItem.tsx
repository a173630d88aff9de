import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import '../../style/status.css';
import type { JobWatch } from '../stores/watch';
import { StatusCounts } from '../views/StatusCounts';
import { useSnapshot } from '../views/useSnapshot';

/** The item in the status bar. */
export class StatusItem extends ReactWidget {
  constructor(
    private readonly _watch: JobWatch,
    private readonly _open: () => void,
    private readonly _trans: TranslationBundle
  ) {
    super();
  }

  protected override render(): JSX.Element {
    return (
      <LiveCounts watch={this._watch} onOpen={this._open} trans={this._trans} />
    );
  }
}

function LiveCounts(props: {
  watch: JobWatch;
  onOpen: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { counts } = useSnapshot(props.watch);
  return (
    <StatusCounts counts={counts} onOpen={props.onOpen} trans={props.trans} />
  );
}
