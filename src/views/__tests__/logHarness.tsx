import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import type { ILogSnapshot } from '../../stores/logSnapshot';
import { LogView } from '../log/LogView';
import type { ILogViewProps } from '../log/LogView';
import { makeLog, trans } from './fixtures';

/** Draw a log, and note what is asked of it. */
export function setUpLog(
  log: Partial<ILogSnapshot>,
  changes: Partial<ILogViewProps> = {}
) {
  const props = { ...makeLog(log), trans, ...changes };
  const asked = makeAsked(props);
  const view = render(<LogView {...props} />);
  const node = screen.getByRole('log');
  const show = (next: Partial<ILogSnapshot>): void =>
    view.rerender(
      <LogView {...props} log={makeLog({ ...log, ...next }).log} />
    );
  return { ...asked, node, show, user: userEvent.setup() };
}

/** The callbacks of a view, as spies. */
function makeAsked(props: ILogViewProps) {
  const spy = (name: keyof ILogViewProps): jest.Mock =>
    props[name] as unknown as jest.Mock;
  return {
    onStream: spy('onStream'),
    onFollow: spy('onFollow'),
    onEarlier: spy('onEarlier'),
    onLater: spy('onLater'),
    onRetry: spy('onRetry'),
    onFind: spy('onFind'),
    onStopFinding: spy('onStopFinding'),
    onCopy: spy('onCopy')
  };
}
