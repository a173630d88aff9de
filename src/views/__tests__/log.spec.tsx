import { screen } from '@testing-library/react';

import { BatchError } from '../../api/errors';
import { NO_FIND } from '../../stores/logFinder';
import { setUpLog } from './logHarness';

describe('the text', () => {
  it('leads to what stands before it', async () => {
    const { user, onEarlier } = setUpLog({ hasEarlier: true, start: 2048 });
    await user.click(
      screen.getByRole('button', { name: 'Show earlier (2 KB before)' })
    );
    expect(onEarlier).toHaveBeenCalledTimes(1);
  });

  it('says that a line is cut, and that the log was begun anew', () => {
    setUpLog({ isCut: true, restarts: 1, text: 'x' });
    expect(screen.getByText(/first line is longer/)).toBeVisible();
    expect(screen.getByText(/begun anew/)).toHaveAttribute('role', 'status');
  });

  it('shows whatever bytes there are, and never as HTML', () => {
    const text = '\0\u0001\ufffd\ufffd<script>alert(1)</script><b>&amp;';
    const { node } = setUpLog({ text });
    expect(node.textContent).toContain('␀␁\ufffd');
    expect(node.textContent).toContain('<script>alert(1)</script><b>&amp;');
    expect(node.querySelector('script, b')).toBeNull();
  });

  it.each([
    [true, 0, 'Nothing written yet.'],
    [false, 0, 'Nothing was written.']
  ])('that is empty is said (live: %s)', (isLive, size, text) => {
    setUpLog({ size }, { isLive });
    expect(screen.getByText(text)).toBeVisible();
  });

  it('that is not known is not said to be empty', () => {
    const { node } = setUpLog({ size: null });
    expect(node).toHaveTextContent(/^$/);
  });

  it('is kept while it cannot be read, which is said', async () => {
    const error = new BatchError('x', { status: 0, isOffline: true });
    const { user, node, onRetry } = setUpLog({ text: 'so far', error });
    expect(node).toHaveTextContent('so far');
    expect(screen.getByRole('alert')).toHaveTextContent(/did not answer/);
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    expect(onRetry).toHaveBeenCalledTimes(1);
  });

  it('offers its path where the server cannot read it', async () => {
    const error = new BatchError('x', {
      status: 422,
      problem: {
        message: 'This Jupyter server sees nothing that the job wrote.',
        code: 'log_not_readable',
        field: null,
        gateway_id: null,
        retry_after_seconds: null,
        detail: []
      }
    });
    const { user, onCopy } = setUpLog({ error });
    expect(screen.getByRole('alert')).toHaveTextContent(/sees nothing that/);
    await user.click(
      screen.getByRole('button', { name: 'Copy path of the log' })
    );
    expect(onCopy).toHaveBeenCalledWith('/lustre/runs/1/stdout.log');
  });

  it('is called live only while it can be read', () => {
    const { show } = setUpLog({ size: 8 }, { isLive: true });
    expect(screen.getByText('8 B · live')).toBeVisible();
    show({ error: new Error('The Jupyter server did not answer.') });
    expect(screen.getByText('8 B')).toBeVisible();
  });

  it('is not read out as it runs by', () => {
    expect(setUpLog({}).node).toHaveAttribute('aria-live', 'off');
  });
});

it('the stream is chosen', async () => {
  const { user, onStream } = setUpLog({});
  expect(screen.getByRole('radio', { name: 'Output' })).toBeChecked();
  await user.click(screen.getByRole('radio', { name: 'Errors' }));
  expect(onStream).toHaveBeenCalledWith('stderr');
});

describe('finding', () => {
  const found = {
    ...NO_FIND,
    query: 'x',
    match: { offset: 7, length: 3 },
    all: [1, 7, 12]
  };

  it('goes from match to match by Enter, and leaves by Escape', async () => {
    const { user, onFind, onStopFinding } = setUpLog({ text: 'abc' });
    const box = screen.getByRole('searchbox', {
      name: 'Find in the whole log'
    });
    screen.getByRole('log').focus();
    await user.keyboard('{Control>}f{/Control}');
    expect(box).toHaveFocus();
    await user.keyboard('b.c{Enter}{Shift>}{Enter}{/Shift}');
    await user.click(screen.getByRole('button', { name: 'Next match' }));
    await user.click(screen.getByRole('button', { name: 'First error ↓' }));
    expect(onFind.mock.calls).toEqual([
      ['b.c', 'next'],
      ['b.c', 'previous'],
      ['b.c', 'next'],
      [null, 'next']
    ]);
    box.focus();
    await user.keyboard('{Escape}');
    expect(onStopFinding).toHaveBeenCalledTimes(1);
    expect(box).toHaveValue('');
  });

  it.each([
    [found, '2 of 3'],
    [{ ...found, all: null }, 'Found'],
    [{ ...found, isLeast: true }, '2 of 3 and more'],
    [{ ...found, all: [1] }, 'One of 1'],
    [{ ...found, hasWrapped: true }, '2 of 3, on from the other end'],
    [{ ...found, match: null }, 'Not found.'],
    [
      { ...found, match: null, query: null },
      'Nothing that looks like an error.'
    ],
    [{ ...found, searched: 0 }, 'Searching…'],
    [{ ...found, searched: 2 ** 30 }, 'Searched 1 GB…'],
    [NO_FIND, '']
  ])('says what came of it: %#', (find, text) => {
    setUpLog({}, { find });
    expect(screen.getByRole('status')).toHaveTextContent(text);
  });

  it('marks the match, whatever colours and characters stand around it', () => {
    const text = '\u001b[31mé\nneedle\u001b[0m\n';
    const start = 100;
    const offset = start + new TextEncoder().encode('\u001b[31mé\n').length;
    const pieces = [{ start, size: 30, text }];
    const find = { ...found, match: { offset, length: 6 } };
    const { node } = setUpLog({ text, start, pieces }, { find });
    const mark = node.querySelector('mark');
    expect(mark).toHaveTextContent(/^needle$/);
    expect(node.querySelector('pre')).toHaveTextContent('é needle');
  });
});

it('colours go on from one piece to the next', () => {
  const pieces = [
    { start: 0, size: 9, text: '\u001b[1;31ma\n' },
    { start: 9, size: 2, text: 'b\n' }
  ];
  const { node } = setUpLog({ text: 'x', pieces });
  const spans = Array.from(node.querySelectorAll('.ansi-red-fg'));
  expect(spans.map(({ textContent }) => textContent)).toEqual(['a\n', 'b\n']);
});

it('is copied without codes, wrapped or not, and downloaded whole', async () => {
  const { user, node, onCopy } = setUpLog({ text: '\u001b[31mred\u001b[0m\n' });
  await user.click(screen.getByRole('button', { name: 'Copy' }));
  expect(onCopy).toHaveBeenCalledWith('red\n');
  expect(screen.getByRole('link', { name: 'Download' })).toHaveAttribute(
    'href',
    '/files/stdout.log'
  );
  await user.click(screen.getByRole('checkbox', { name: 'Wrap' }));
  expect(node.querySelector('pre')).toHaveClass('jp-mod-unwrapped');
});

it('leads to what stands behind it', async () => {
  const { user, onLater } = setUpLog({
    hasLater: true,
    isFollowing: false,
    end: 1024,
    size: 4096
  });
  await user.click(
    screen.getByRole('button', { name: 'Show later (3 KB behind)' })
  );
  expect(onLater).toHaveBeenCalledTimes(1);
});
