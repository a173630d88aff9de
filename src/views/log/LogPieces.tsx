import * as React from 'react';

import type { LogMatch } from '../../model/contract';
import { NO_SGR, sgrAfter, writeSgr } from '../../model/sgr';
import type { ISgrState } from '../../model/sgr';
import type { ILogPiece } from '../../stores/logWindow';
import { AnsiText } from './ansiText';

const encoder = new TextEncoder();

/** The lines of a log, each piece drawn again only when it changed; a match is marked. */
export function LogPieces(props: {
  pieces: readonly ILogPiece[];
  match: LogMatch | null;
}): JSX.Element {
  const { pieces, match } = props;
  const begins = useBegins(pieces);
  const last = pieces.length - 1;
  return (
    <>
      {pieces.map((piece, index) => (
        <span
          key={piece.start}
          // The end is laid out at once: a log that is followed stays there.
          className={index < last - 1 ? 'jp-BatchJobs-logPiece' : ''}
        >
          <Piece
            piece={piece}
            begin={begins[index]}
            match={match && isIn(match, piece) ? match : null}
          />
        </span>
      ))}
    </>
  );
}

const Piece = React.memo(function Piece(props: {
  piece: ILogPiece;
  /** The code of what was set before it. */
  begin: string;
  match: LogMatch | null;
}): JSX.Element {
  const { piece, begin, match } = props;
  const ref = React.useRef<HTMLElement>(null);
  React.useLayoutEffect(() => {
    ref.current?.scrollIntoView?.({ block: 'center' });
  }, [match]);
  if (!match) {
    return <AnsiText text={begin + piece.text} />;
  }
  const bytes = encoder.encode(piece.text);
  const cut = (first: number, end?: number): string =>
    new TextDecoder().decode(bytes.subarray(Math.max(0, first), end));
  // Invalid bytes are longer once they are characters: then the mark is not far off.
  const first = match.offset - piece.start;
  const before = begin + cut(0, first);
  const found = cut(first, first + match.length);
  const code = writeSgr(sgrAfter(NO_SGR, before));
  return (
    <>
      <AnsiText text={before} />
      <mark ref={ref}>
        <AnsiText text={found} />
      </mark>
      <AnsiText text={code + cut(first + match.length)} />
    </>
  );
});

/** For each piece the code of what those before it set; what is known of them is kept. */
function useBegins(pieces: readonly ILogPiece[]): readonly string[] {
  const known = React.useRef(new WeakMap<ILogPiece, [string, ISgrState]>());
  return React.useMemo(() => {
    let state: ISgrState = NO_SGR;
    return pieces.map(piece => {
      const begin = writeSgr(state);
      const before = known.current.get(piece);
      state = before?.[0] === begin ? before[1] : sgrAfter(state, piece.text);
      known.current.set(piece, [begin, state]);
      return begin;
    });
  }, [pieces]);
}

function isIn(match: LogMatch, piece: ILogPiece): boolean {
  return piece.start <= match.offset && match.offset < piece.start + piece.size;
}
