import { nullTranslator } from '@jupyterlab/translation';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import type { RunDirectoryList } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import type { IRunDirectoriesSnapshot } from '../../stores/runDirectories';
import { RunDirectories } from '../directories/RunDirectories';
import { removalQuestion } from '../text/directoryText';
import { fixLocale, NOW } from './fixtures';

fixLocale();

const trans = nullTranslator.load('jupyterlab_batch');
const { rows } = readExample('RunDirectoryList.some') as RunDirectoryList;
const [RUNNING, OVER, OLD] = rows;

function setUp(changes: Partial<IRunDirectoriesSnapshot> = {}) {
  const directories: IRunDirectoriesSnapshot = {
    rows,
    cursor: null,
    chosen: new Set(),
    refused: [],
    isBusy: false,
    error: null,
    ...changes
  };
  const props = {
    directories,
    selected: rows.filter(({ job_id }) => directories.chosen.has(job_id)),
    now: NOW,
    onChoose: jest.fn(),
    onRemove: jest.fn(),
    onMore: jest.fn(),
    onReload: jest.fn(),
    onOpenJob: jest.fn(),
    trans
  };
  render(<RunDirectories {...props} />);
  return props;
}

function rowOf(name: string): HTMLElement {
  return screen.getByRole('row', { name: new RegExp(`Select ${name}`) });
}

it('says of each where it is, how large, and whether its job is over', async () => {
  const { onOpenJob } = setUp();
  expect(rowOf('lenses')).toHaveTextContent(/Not over.*not known yet/);
  expect(rowOf('sources')).toHaveTextContent(/Over.*3 MB/);
  expect(rowOf('sources')).toHaveTextContent(OVER.path);
  expect(rowOf('darks')).toHaveTextContent(/Over, forgotten/);
  expect(within(rowOf('darks')).queryByRole('button')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'sources' }));
  expect(onOpenJob).toHaveBeenCalledWith(OVER.job_id);
});

it('selects one or all, but nothing that runs', async () => {
  const { onChoose } = setUp();
  expect(screen.getByRole('checkbox', { name: /lenses/ })).toBeDisabled();
  await userEvent.click(screen.getByRole('checkbox', { name: /sources/ }));
  expect(onChoose).toHaveBeenLastCalledWith([OVER.job_id], true);
  await userEvent.click(screen.getByRole('checkbox', { name: /Select all/ }));
  expect(onChoose).toHaveBeenLastCalledWith([OVER.job_id, OLD.job_id], true);
});

it('removes only what is selected', async () => {
  const { onRemove } = setUp();
  expect(screen.getByRole('status')).toHaveTextContent('Nothing is selected');
  await userEvent.click(screen.getByRole('button', { name: 'Remove…' }));
  expect(onRemove).not.toHaveBeenCalled();
});

it('adds up what is selected', async () => {
  const { onRemove } = setUp({ chosen: new Set([OVER.job_id, OLD.job_id]) });
  expect(screen.getByRole('status')).toHaveTextContent(
    'Selected: 2 run directories, 3 MB'
  );
  expect(screen.getByRole('checkbox', { name: /Select all/ })).toBeChecked();
  await userEvent.click(screen.getByRole('button', { name: 'Remove…' }));
  expect(onRemove).toHaveBeenCalledTimes(1);
});

it('says what could not be removed, and what is behind', async () => {
  const refused = [
    { job_id: OVER.job_id, outcome: 'error' as const, message: 'Read-only.' }
  ];
  const { onMore } = setUp({ refused, cursor: 'x' });
  expect(screen.getByRole('alert')).toHaveTextContent('Read-only.');
  await userEvent.click(screen.getByRole('button', { name: /older/ }));
  expect(onMore).toHaveBeenCalledTimes(1);
});

it('names what goes before it goes', () => {
  const { title, lines } = removalQuestion([OVER, OLD], trans);
  expect(title).toBe('Remove 2 run directories?');
  expect(lines).toEqual([
    expect.stringMatching(/^2 run directories, 3 MB, .* for good/),
    OVER.path,
    OLD.path
  ]);
  const many = Array.from({ length: 25 }, () => RUNNING);
  const question = removalQuestion(many, trans);
  expect(question.lines[0]).toMatch(/at least 0 B/);
  expect(question.lines.slice(-1)).toEqual(['and 15 more']);
});
