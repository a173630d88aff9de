import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import { BatchError } from '../../api/errors';
import type { IFilesSnapshot } from '../../stores/jobFiles';
import { JobFiles } from '../job/JobFiles';
import { fixLocale, makeFiles, makeJob, trans } from './fixtures';

fixLocale();

const JOB = makeJob();

function setUp(changes: Partial<IFilesSnapshot> = {}, job = JOB) {
  const props = makeFiles(changes);
  const drawn = render(<JobFiles {...props} job={job} trans={trans} />);
  return { ...drawn, props, user: userEvent.setup() };
}

/** The line of an entry. */
function line(name: string): ReturnType<typeof within> {
  const table = screen.getByRole('table', { name: 'Files' });
  return within(within(table).getByRole('row', { name: RegExp(`^${name}`) }));
}

it('asks for files only while somebody looks', () => {
  const { props, unmount } = setUp();
  expect(props.onLook.mock.calls).toEqual([[true]]);
  unmount();
  expect(props.onLook.mock.calls).toEqual([[true], [false]]);
});

it('what JupyterLab can reach opens there, anything else has its path', async () => {
  const { props, user } = setUp();
  await user.click(line('chain').getByRole('button', { name: 'chain.h5' }));
  expect(props.onOpenFile).toHaveBeenCalledWith(JOB, {
    path: `${JOB.run_directory}/chain.h5`,
    contents_path: 'batch-jobs/20261122-221505-lens-4x8q2m/chain.h5',
    size_bytes: 734003200
  });
  expect(line('.cache').queryByRole('button', { name: '.cache' })).toBeNull();
  await user.click(
    line('.cache').getByRole('button', { name: 'Copy path of .cache' })
  );
  expect(props.onCopyPath).toHaveBeenCalledWith(`${JOB.run_directory}/.cache`);
  expect(
    line('chain').getByRole('link', { name: 'Download chain.h5' })
  ).toHaveAttribute('href', '/files/chain.h5');
});

it('sizes and times are said, a dash where there are none', () => {
  setUp();
  const cells = line('chain').getAllByRole('cell');
  expect(cells[0]).toHaveTextContent('700 MB');
  expect(cells[1]).toHaveTextContent('22 Nov 2026, 22:16:09 UTC');
  expect(line('latest').getAllByRole('cell')[1]).toHaveTextContent('–');
});

it('a link or a device offers nothing', () => {
  setUp();
  const other = line('latest');
  expect(other.queryByRole('button')).toBeNull();
  expect(other.queryByRole('link')).toBeNull();
  expect(other.getByText('a link or a device: not opened')).toBeVisible();
});

it('folders open, and the way back stands above them', async () => {
  const { props, user } = setUp({ folder: 'tasks/7' });
  const way = within(screen.getByRole('navigation', { name: 'Folder' }));
  expect(way.getByText('7')).toHaveAttribute('aria-current', 'location');
  await user.click(way.getByRole('button', { name: 'tasks' }));
  await user.click(way.getByRole('button', { name: 'Run directory' }));
  await user.click(line('plots').getByRole('button', { name: 'plots/' }));
  expect(props.onOpenFolder.mock.calls).toEqual([['tasks'], [''], ['plots']]);
  await user.click(
    screen.getByRole('button', { name: 'Copy path of this folder' })
  );
  expect(props.onCopyPath).toHaveBeenCalledWith(`${JOB.run_directory}/tasks/7`);
});

it('many files come in windows', async () => {
  const { props, user } = setUp({ offset: 50, isMore: true });
  expect(screen.getByRole('status')).toHaveTextContent('51 to 54 of 10,004');
  expect(screen.getByText(/more than 10,004 entries/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Next' }));
  await user.click(screen.getByRole('button', { name: 'Previous' }));
  expect(props.onGoTo.mock.calls).toEqual([[100], [0]]);
});

it('nothing there is one sentence, and nothing known is none', () => {
  const { unmount } = setUp({ files: [], total: 0 });
  expect(screen.getByText('The folder is empty.')).toBeVisible();
  unmount();
  setUp({ files: null, total: 0 });
  expect(screen.queryByText('The folder is empty.')).toBeNull();
});

it('what cannot be read is said, and asked again', async () => {
  const error = new BatchError('x', {
    status: 404,
    problem: {
      message: 'There is no such folder in the run directory.',
      code: 'not_found',
      field: 'folder',
      gateway_id: null,
      retry_after_seconds: null,
      detail: []
    }
  });
  const { props, user } = setUp({ error });
  expect(screen.getByRole('alert')).toHaveTextContent('There is no such');
  await user.click(screen.getByRole('button', { name: 'Retry' }));
  await user.click(screen.getByRole('button', { name: 'Reload' }));
  expect(props.onReload).toHaveBeenCalledTimes(2);
});

it('outputs open, download and tell where they are', async () => {
  const { props, user } = setUp();
  const list = screen.getByRole('heading', { name: 'Outputs' }).parentElement;
  const [there, missing] = within(list as HTMLElement).getAllByRole('listitem');
  const output = JOB.outputs[0];
  await user.click(
    within(there).getByRole('button', { name: output.contents_path as string })
  );
  expect(props.onOpenFile).toHaveBeenCalledWith(JOB, output);
  expect(within(there).getByRole('link', { name: /^Download/ })).toBeVisible();
  expect(missing).toHaveTextContent(/chain.h5 not there (?!yet)/);
  expect(within(missing).queryByRole('link')).toBeNull();
  await user.click(within(missing).getByRole('button', { name: /^Copy path/ }));
  expect(props.onCopyPath).toHaveBeenCalledWith('/scratch/ada/chain.h5');
});

it('of a job that goes on an output is not there yet', () => {
  setUp({}, { ...JOB, phase: 'EXECUTING' });
  expect(
    screen.getByText('/scratch/ada/chain.h5').parentElement
  ).toHaveTextContent('not there yet');
});

it('a folder that has another path where the job runs has that too', async () => {
  const job = { ...JOB, node_directory: '/lustre/runs/1' };
  const { props, user } = setUp({ folder: 'tasks/7' }, job);
  const button = { name: 'Copy path where the job runs' };
  await user.click(screen.getByRole('button', button));
  expect(props.onCopyPath).toHaveBeenCalledWith('/lustre/runs/1/tasks/7');
});

it('that nothing is seen of what the job wrote is said', () => {
  const { unmount } = setUp();
  expect(screen.queryByRole('note')).toBeNull();
  expect(
    screen.queryByRole('button', { name: 'Copy path where the job runs' })
  ).toBeNull();
  unmount();
  setUp({ isNothingSeen: true });
  expect(screen.getByRole('note')).toHaveTextContent(
    'the machine that ran it may not share the run directory'
  );
});
