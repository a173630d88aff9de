import Anser from 'anser';
import * as React from 'react';

/** The steps of the colour cube of 256-colour terminals. */
const CUBE = [0, 95, 135, 175, 215, 255];

/** What a terminal does not print: titles, links, character sets, a code cut off at the end. */
const SILENT =
  /\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()][0-9A-Z]|[=>78cDEHM]|(?:\[[0-9;?]*|\][^\u0007\u001b]*)?$)/g;

/** A text with the colours of a terminal, as React text nodes: nothing in it is ever HTML. */
export const AnsiText = React.memo(function AnsiText(props: {
  text: string;
}): JSX.Element {
  const pieces = Anser.ansiToJson(
    applyReturns(props.text.replace(SILENT, '')),
    {
      json: true,
      use_classes: true,
      remove_empty: true
    }
  );
  return (
    <>
      {pieces.map((piece, index) => (
        <AnsiPiece
          // The pieces of one text have no other identity than their place.
          key={index}
          piece={piece}
        />
      ))}
    </>
  );
});

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
  if (!className && !color && !backgroundColor) {
    return <>{piece.content}</>;
  }
  return (
    <span className={className} style={{ color, backgroundColor }}>
      {piece.content}
    </span>
  );
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
  return text.replace(/\r+\n/g, '\n').replace(/[^\n\r]*\r+(?=[^\n\r])/g, '');
}
