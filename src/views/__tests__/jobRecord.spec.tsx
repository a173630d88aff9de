import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import { BatchError } from '../../api/errors';
import type { JobRecord as Provenance } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { JobRecord } from '../job/JobRecord';
import { fixLocale, makeJob, makeRecord, trans, UNMEASURED } from './fixtures';

fixLocale();

const RECORD = readExample('Record.some') as Provenance;

function setUp(changes: Parameters<typeof makeRecord>[0] = {}) {
  const props = makeRecord(changes);
  const drawn = render(<JobRecord {...props} trans={trans} />);
  return { ...drawn, props, user: userEvent.setup() };
}

/** The facts under a heading, by name. */
function facts(title: string): Record<string, string | null | undefined> {
  const section = screen.getByRole('heading', { name: title }).parentElement;
  const terms = within(section as HTMLElement).getAllByRole('term');
  return Object.fromEntries(
    terms.map(term => [term.textContent, term.nextElementSibling?.textContent])
  );
}

it('says which code ran, where, and what it took', async () => {
  const { user } = setUp();
  expect(facts('Code')).toMatchObject({
    'Git folder': '/home/ada/lenses',
    Branch: 'main',
    Changes: 'Not all was committed: the commit alone does not say what ran.'
  });
  expect(facts('Environment')).toMatchObject({
    Python: '3.11.9',
    Packages: '2'
  });
  expect(facts('When').Started).toMatch(/22 Nov 2026/);
  expect(facts('What it used')['Peak memory']).toMatch(/B$/);
  await user.click(screen.getByText('All packages'));
  expect(screen.getByText('numpy==2.1.0')).toBeVisible();
});

it('says of a clean folder that all was committed, and nothing of what is not known', () => {
  const { code } = RECORD;
  const told = (is_dirty: boolean | null): string | null | undefined => {
    const { unmount } = setUp({
      answer: { ...RECORD, code: code && { ...code, is_dirty } }
    });
    const { Changes } = facts('Code');
    unmount();
    return Changes;
  };
  expect(told(false)).toBe('None: all was committed.');
  expect(told(null)).toBe('–');
});

it('is a dash where nothing is known', () => {
  const times = { submitted_at: null, started_at: null, ended_at: null };
  const job = makeJob({ usage: UNMEASURED, ...times });
  setUp({ answer: { ...RECORD, job, code: null, environment: null } });
  for (const title of ['Code', 'When', 'What it used', 'Environment']) {
    expect(new Set(Object.values(facts(title)))).toEqual(new Set(['–']));
  }
  expect(screen.queryByText('All packages')).toBeNull();
});

it('is exported as it is', () => {
  setUp();
  const link = screen.getByRole('link', { name: 'Export as JSON' });
  expect(link).toHaveAttribute('href', '/records/1');
  expect(link).toHaveAttribute('download', `${RECORD.job.id}.record.json`);
});

it('is asked for while somebody looks, and again', async () => {
  const error = new BatchError('x', { status: 0, isOffline: true });
  const { props, user, unmount } = setUp({ answer: null, error });
  expect(screen.queryByRole('link')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Retry' }));
  expect(props.onRetry).toHaveBeenCalledTimes(1);
  unmount();
  expect(props.onLook.mock.calls).toEqual([[true], [false]]);
});
