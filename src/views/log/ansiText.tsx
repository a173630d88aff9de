import Anser from 'anser';
import * as React from 'react';

/** The steps of the colour cube of 256-colour terminals. */
const CUBE = [0, 95, 135, 175, 215, 255];

/** So many codes of a text are obeyed: the colours of more of them nobody tells apart. */
const MOST_CODES = 1_000;

/** What a terminal does not print: titles, links, character sets, a code cut off at the end. */
const SILENT =
  /\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()][0-9A-Z]|[=>78cDEHM]|(?:\[[0-9;?]*|\][^\u0007\u001b]*)?$)/g;

/** Every code that a terminal obeys. */
const CODES = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** What has no shape of its own, or turns what stands behind it around. */
const UNSEEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text with the colours of a terminal, as React text nodes: nothing in it is ever HTML. */
export const AnsiText = React.memo(function AnsiText(props: {
  text: string;
}): JSX.Element {
  const text = applyReturns(props.text.replace(SILENT, ''));
  const [coloured, rest] = splitAtCode(text, MOST_CODES);
  const pieces = Anser.ansiToJson(coloured, {
    json: true,
    use_classes: true,
    remove_empty: true
  });
  return (
    <>
      {pieces.map((piece, index) => (
        <AnsiPiece
          // The pieces of one text have no other identity than their place.
          key={index}
          piece={piece}
        />
      ))}
      {showUnseen(rest.replace(CODES, ''))}
    </>
  );
});

/** Cut a text before one of its codes, if it has so many. */
function splitAtCode(text: string, number: number): [string, string] {
  let count = 0;
  for (
    let place = text.indexOf('\u001b[');
    place >= 0;
    place = text.indexOf('\u001b[', place + 2)
  ) {
    count += 1;
    if (count > number) {
      return [text.slice(0, place), text.slice(place)];
    }
  }
  return [text, ''];
}

/** A text as it can be copied: without the codes of a terminal. */
export function plainText(text: string): string {
  return applyReturns(text.replace(SILENT, '').replace(CODES, ''));
}

function AnsiPiece(props: { piece: Anser.AnserJsonEntry }): JSX.Element {
  const { piece } = props;
  const className = [
    colourClass(piece.fg, 'fg'),
    colourClass(piece.bg, 'bg'),
    piece.decorations.includes('bold') ? 'ansi-bold' : '',
    piece.decorations.includes('underline') ? 'ansi-underline' : ''
  ]
    .filter(Boolean)
    .join(' ');
  const color = exactColour(piece.fg, piece.fg_truecolor);
  const backgroundColor = exactColour(piece.bg, piece.bg_truecolor);
  const content = showUnseen(piece.content);
  if (!className && !color && !backgroundColor) {
    return <>{content}</>;
  }
  return (
    <span className={className} style={{ color, backgroundColor }}>
      {content}
    </span>
  );
}

/** Write what could not be seen, or would turn other text around, so that it can be. */
function showUnseen(text: string): string {
  return text.replace(UNSEEN, character => {
    const code = character.charCodeAt(0);
    if (code === 0x7f) {
      return '\u2421';
    }
    return code < 0x20
      ? String.fromCharCode(0x2400 + code)
      : `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
  });
}

/** The class that core's rendering of text has for one of the sixteen colours. */
function colourClass(name: string | null, ground: 'fg' | 'bg'): string {
  const match = /^ansi-(bright-)?([a-z]+)$/.exec(name ?? '');
  if (!match || match[2] === 'truecolor') {
    return '';
  }
  return `ansi-${match[2]}${match[1] ? '-intense' : ''}-${ground}`;
}

/** A colour beyond the sixteen. */
function exactColour(
  name: string | null,
  truecolor: string | null
): string | undefined {
  if (name === 'ansi-truecolor' && truecolor) {
    return `rgb(${truecolor})`;
  }
  const match = /^ansi-palette-(\d+)$/.exec(name ?? '');
  return match
    ? `rgb(${paletteColour(Number(match[1])).join(',')})`
    : undefined;
}

function paletteColour(index: number): number[] {
  if (index >= 232) {
    const grey = (index - 232) * 10 + 8;
    return [grey, grey, grey];
  }
  const place = Math.max(0, index - 16);
  return [
    CUBE[Math.floor(place / 36) % 6],
    CUBE[Math.floor(place / 6) % 6],
    CUBE[place % 6]
  ];
}

/** What a terminal shows of lines that were written over by carriage returns. */
export function applyReturns(text: string): string {
  if (!text.includes('\r')) {
    return text;
  }
  const lines = text.split('\n');
  return lines
    .map((line, index) => {
      let end = line.length;
      while (end > 0 && line[end - 1] === '\r') {
        end -= 1;
      }
      const start = end > 0 ? line.lastIndexOf('\r', end - 1) + 1 : 0;
      const isLast = index === lines.length - 1;
      // What comes next may still write over the last line.
      return line.slice(start, isLast ? undefined : end);
    })
    .join('\n');
}
