import { render } from '@testing-library/react';
import * as React from 'react';

import { AnsiText, applyReturns, plainText } from '../log/ansiText';

/** The pieces of a text with their classes and colours. */
function piecesOf(text: string): [string | null, string, string, string][] {
  const { container } = render(<AnsiText text={text} />);
  return Array.from(container.querySelectorAll('span'), span => [
    span.textContent,
    span.className,
    span.style.color,
    span.style.backgroundColor
  ]);
}

it('plain text is plain text', () => {
  const { container } = render(<AnsiText text={'a < b && c\n'} />);
  expect(container.innerHTML).toBe('a &lt; b &amp;&amp; c\n');
});

it.each([
  [
    'the eight colours',
    '\u001b[31mred\u001b[0m',
    ['red', 'ansi-red-fg', '', '']
  ],
  [
    'bright ones',
    '\u001b[92mok\u001b[0m',
    ['ok', 'ansi-green-intense-fg', '', '']
  ],
  ['a ground', '\u001b[44mon\u001b[0m', ['on', 'ansi-blue-bg', '', '']],
  [
    'weight and line',
    '\u001b[1;4mx\u001b[0m',
    ['x', 'ansi-bold ansi-underline', '', '']
  ],
  [
    '256 colours',
    '\u001b[38;5;208mx\u001b[0m',
    ['x', '', 'rgb(255, 135, 0)', '']
  ],
  ['greys', '\u001b[48;5;232mx\u001b[0m', ['x', '', '', 'rgb(8, 8, 8)']],
  ['any colour', '\u001b[38;2;1;2;3mx\u001b[0m', ['x', '', 'rgb(1, 2, 3)', '']],
  [
    'reversed',
    '\u001b[31;7mx\u001b[0m',
    ['x', 'ansi-black-fg ansi-red-bg', '', '']
  ],
  [
    'reversed beyond the sixteen',
    '\u001b[38;5;208;7mx\u001b[0m',
    ['x', 'ansi-black-fg', '', 'rgb(255, 135, 0)']
  ]
])('shows %s', (_, text, piece) => {
  expect(piecesOf(text)).toEqual([piece]);
});

it.each([
  ['of the cursor', '\u001b[2Ka\u001b[1Gb\u001b[?25l', 'ab'],
  ['of a title', '\u001b]0;title\u0007ab', 'ab'],
  ['of a link', '\u001b]8;;http://x\u001b\\ab\u001b]8;;\u001b\\', 'ab'],
  ['of a character set', '\u001b(Bab\u001b=', 'ab'],
  ['cut off at the end', 'ab\u001b[3', 'ab'],
  ['just begun at the end', 'ab\u001b', 'ab']
])('shows no code %s', (_, text, shown) => {
  const { container } = render(<AnsiText text={text} />);
  expect(container.textContent).toBe(shown);
});

it.each([
  ['  0%\r 50%\r100%\n', '100%\n'],
  ['a\r\nb\r\n', 'a\nb\n'],
  ['a\r\r\nb', 'a\nb'],
  ['line\n1\r2', 'line\n2'],
  ['half done\r', 'half done\r']
])(
  'of a line that was written over the last state stays: %j',
  (text, shown) => {
    expect(applyReturns(text)).toBe(shown);
  }
);

it('reads a long line quickly', () => {
  const text = 'x'.repeat(4_000_000);
  const began = performance.now();
  expect(applyReturns(text)).toBe(text);
  expect(applyReturns(`${text}\ry`)).toBe('y');
  expect(performance.now() - began).toBeLessThan(1_000);
});

it('reads a long progress bar quickly', () => {
  const bar = '\r' + '#'.repeat(80);
  const text = bar.repeat(12_000);
  const began = performance.now();
  expect(applyReturns(text)).toBe('#'.repeat(80));
  expect(performance.now() - began).toBeLessThan(1_000);
});

it('shows what turns text around, and what has no shape, as signs', () => {
  const { container } = render(<AnsiText text={'a\u202eb\u0000\u0007c'} />);
  expect(container.textContent).toBe('a⟨U+202E⟩b␀␇c');
});

it('obeys nothing that a terminal would: no link, no clipboard', () => {
  const codes =
    '\u001b]8;;javascript:alert(1)\u0007x\u001b]8;;\u0007\u001b]52;c;aGk=\u0007y';
  const { container } = render(<AnsiText text={codes} />);
  expect(container.innerHTML).toBe('xy');
  expect(plainText(codes)).toBe('xy');
});

it('draws few of very many colours', () => {
  const text = '\u001b[31mx\u001b[32my'.repeat(100_000);
  const { container } = render(<AnsiText text={text} />);
  expect(container.childNodes.length).toBeLessThan(1_100);
  expect(container.textContent).toHaveLength(200_000);
});
