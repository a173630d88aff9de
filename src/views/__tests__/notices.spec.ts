import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';

import { BatchError } from '../../api/errors';
import { readExample } from '../../model/__tests__/examples';
import type { Gateway, JobRow, Problem } from '../../model/contract';
import { fixLocale, makeGateway, makeRow, makeSnapshot, NOW } from './fixtures';
import { setUpList as setUp } from './listHarness';

fixLocale();

const FINISHED: Partial<JobRow> = {
  phase: 'COMPLETED',
  progress: null,
  ended_at: '2026-11-22T22:40:09Z'
};

function rowNamed(name: RegExp): HTMLElement {
  return screen.getByRole('row', { name });
}

describe('when something is silent', () => {
  const staleSince = NOW - 5 * 60_000;

  it('the server: says since when, and that jobs go on; asks again', async () => {
    const { onRetry } = setUp([], {
      snapshot: makeSnapshot([makeRow()], { staleSince, state: 'stale' })
    });
    expect(screen.getByRole('note')).toHaveTextContent(
      /not answered since 22:40\. Your jobs go on; what you see is 5 min old/
    );
    expect(rowNamed(/^job 1, .*25 min of 1 h/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(onRetry).toHaveBeenCalledTimes(1);
  });

  it('the server: does not say the same a second time as an error', () => {
    const error = new BatchError('gone', { status: 0, isOffline: true });
    setUp([], {
      snapshot: makeSnapshot([], { staleSince, counts: null, error }),
      error
    });
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByRole('note')).not.toHaveTextContent('what you see');
  });

  it('the store: says that the server answers, and cannot read it', async () => {
    const problem = readExample('Problem.store-unavailable') as Problem;
    const error = new BatchError(problem.message, { status: 503, problem });
    setUp([], { snapshot: makeSnapshot([makeRow()], { staleSince, error }) });
    const note = screen.getByRole('note');
    expect(note).toHaveTextContent(
      /able to read its store of jobs since 22:40\. Your jobs go on; what you see is 5 min old/
    );
    expect(note).not.toHaveTextContent('not answered');
    expect(note).toHaveTextContent(problem.message);
  });

  it('a server of another version: says to reload, not that it is silent', () => {
    const error = new BatchError('<html>', { status: 200 });
    setUp([], { snapshot: makeSnapshot([makeRow()], { staleSince, error }) });
    const note = screen.getByRole('note');
    expect(note).toHaveTextContent(/another version.*Reload the page/);
    expect(note).not.toHaveTextContent('not answered');
    expect(rowNamed(/^job 1/)).toBeVisible();
  });

  it('an action: says why it failed', () => {
    const problem = readExample('Problem.gateway-unreachable') as Problem;
    setUp([makeRow()], {
      error: new BatchError('HTTP 502', { status: 502, problem })
    });
    expect(screen.getByRole('alert')).toHaveTextContent(/did not answer/);
  });

  it.each([
    [
      'down',
      { ok: false, auth_ok: null, as_of: '2026-11-22T22:15:04Z' },
      /not answered since 22:15\. Jobs that run there go on; .* 30 min old/
    ],
    [
      'never there',
      { ok: false, auth_ok: null, as_of: null },
      /has not answered yet\. You can fill in a form/
    ],
    [
      'not signed in',
      { ok: true, auth_ok: false },
      /^Not signed in to Slurm\. .*Jobs that run there go on/
    ]
  ])(
    'a gateway that is %s: says so and asks it again',
    async (_, health, text) => {
      const gateway: Gateway = makeGateway({ notices: [] });
      gateway.health = {
        ...gateway.health,
        ...health,
        error: 'connect: refused'
      };
      const { onRetryGateway } = setUp([], {
        snapshot: makeSnapshot([makeRow()], { gateways: [gateway] })
      });
      expect(screen.getByRole('note')).toHaveTextContent(text);
      expect(screen.getByText('connect: refused')).toBeInTheDocument();
      await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
      expect(onRetryGateway).toHaveBeenCalledWith(gateway);
    }
  );

  it('very many gateways: one notice, which folds out', async () => {
    const gateways = ['one', 'two', 'three', 'four'].map(id => {
      const gateway = makeGateway({ id, title: id, notices: [] });
      return { ...gateway, health: { ...gateway.health, ok: false } };
    });
    const { onRetryGateway } = setUp([], {
      snapshot: makeSnapshot([makeRow()], { gateways })
    });
    const summary = screen.getByText('4 gateways are not well');
    expect(screen.getByText(/^two has not answered/)).not.toBeVisible();
    await userEvent.click(summary);
    await userEvent.click(screen.getAllByRole('button', { name: 'Retry' })[1]);
    expect(onRetryGateway).toHaveBeenCalledWith(gateways[1]);
  });

  it('a gateway that was switched off: says so once, if it has jobs that go on', () => {
    const rows = [
      makeRow({ gateway_id: 'local' }, 1),
      makeRow({ gateway_id: 'local' }, 2),
      makeRow({ gateway_id: 'elsewhere', ...FINISHED }, 3)
    ];
    const known = { gateways: [makeGateway({ notices: [] })] };
    setUp(rows, {
      snapshot: makeSnapshot(rows, { ...known, areGatewaysKnown: true })
    });
    expect(screen.getByRole('note')).toHaveTextContent(
      /^The gateway “local” is not configured .* known last\.$/
    );
  });

  it('all gateways: says that nothing can be submitted, once that is known', () => {
    setUp([]);
    expect(screen.queryByRole('note')).toBeNull();
    setUp([], { snapshot: makeSnapshot([], { areGatewaysKnown: true }) });
    expect(screen.getByRole('note')).toHaveTextContent(
      /nothing can be submitted here/
    );
  });

  it('a gateway that is well only says its notices', () => {
    setUp([], {
      snapshot: makeSnapshot([makeRow()], { gateways: [makeGateway()] })
    });
    expect(screen.getByRole('note')).toHaveTextContent(
      'Job memory is not enforced by this cluster.'
    );
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();
  });
});
