/** What a terminal remembers of colours and weights from one text to the next. */
export interface ISgrState {
  readonly fg: string;
  readonly bg: string;
  /** Codes such as `1` and `4`, in the order in which they came. */
  readonly others: readonly string[];
}

/** Nothing was set yet. */
export const NO_SGR: ISgrState = Object.freeze({ fg: '', bg: '', others: [] });

const CODES = /\u001b\[([\d;]*)m/g;

/** What ends which weights. */
const ENDS: Readonly<Record<string, readonly string[]>> = {
  '22': ['1', '2'],
  '23': ['3'],
  '24': ['4'],
  '25': ['5', '6'],
  '27': ['7'],
  '28': ['8'],
  '29': ['9']
};

/** The state after a text. */
export function sgrAfter(state: ISgrState, text: string): ISgrState {
  let after = state;
  for (const [, codes] of text.matchAll(CODES)) {
    after = apply(after, codes.split(';'));
  }
  return after;
}

/** The code that brings a terminal into a state. */
export function writeSgr({ fg, bg, others }: ISgrState): string {
  const codes = [...others, fg, bg].filter(Boolean).join(';');
  return codes ? `\u001b[${codes}m` : '';
}

function apply(state: ISgrState, codes: readonly string[]): ISgrState {
  let { fg, bg, others } = state;
  for (let index = 0; index < codes.length; index++) {
    const code = String(Number(codes[index]));
    if (code === '0') {
      [fg, bg, others] = ['', '', []];
    } else if (code === '38' || code === '48') {
      const length = codes[index + 1] === '2' ? 5 : 3;
      const colour = codes.slice(index, index + length).join(';');
      [fg, bg] = code === '38' ? [colour, bg] : [fg, colour];
      index += length - 1;
    } else if (/^(3\d|9[0-7])$/.test(code)) {
      fg = code === '39' ? '' : code;
    } else if (/^(4\d|10[0-7])$/.test(code)) {
      bg = code === '49' ? '' : code;
    } else if (code in ENDS) {
      others = others.filter(other => !ENDS[code].includes(other));
    } else if (/^[1-9]$/.test(code) && !others.includes(code)) {
      others = [...others, code];
    }
  }
  return { fg, bg, others };
}
