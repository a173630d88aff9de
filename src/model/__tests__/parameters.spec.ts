import * as fc from 'fast-check';

import { readParameters } from '../parameters';

function notebook(source: string | string[], language = 'python'): unknown {
  return {
    cells: [
      { cell_type: 'markdown', source: '# x = 1', metadata: {} },
      { cell_type: 'code', source, metadata: { tags: ['parameters'] } },
      { cell_type: 'code', source: 'y = 2', metadata: { tags: ['parameters'] } }
    ],
    metadata: { kernelspec: { name: 'k', language } }
  };
}

const PYTHON = `
# What to fit
n_walkers = 32  # how many walkers
tau_days: float = 91.5
lens: str = "RXJ1131; # no comment"; plot = True
bands = [
    'g',  # green
    'r',
]
text = """a
b = 3
"""
seed = None
prior = np.log(2)
path = 'a' \\
    'b'
if plot:
    hidden = 1
n_walkers == 3
a.b = 1
`;

describe('readParameters', () => {
  it('reads simple assignments of Python', () => {
    expect(readParameters(notebook(PYTHON))).toEqual([
      {
        name: 'n_walkers',
        typeHint: null,
        source: '32',
        value: 32,
        comment: 'how many walkers'
      },
      {
        name: 'tau_days',
        typeHint: 'float',
        source: '91.5',
        value: 91.5,
        comment: null
      },
      expect.objectContaining({
        name: 'lens',
        typeHint: 'str',
        value: 'RXJ1131; # no comment'
      }),
      expect.objectContaining({ name: 'plot', value: true }),
      expect.objectContaining({ name: 'bands', value: ['g', 'r'] }),
      expect.objectContaining({ name: 'text', value: 'a\nb = 3\n' }),
      expect.objectContaining({ name: 'seed', value: null }),
      expect.objectContaining({
        name: 'prior',
        source: 'np.log(2)',
        value: undefined
      }),
      expect.objectContaining({ name: 'path', value: undefined })
    ]);
  });

  it('takes the first cell with the tag, as papermill does', () => {
    const names = readParameters(notebook('x = 1')).map(({ name }) => name);
    expect(names).toEqual(['x']);
  });

  it('joins the lines of a source', () => {
    const [parameter] = readParameters(notebook(['x = [1,\n', '2]\n']));
    expect(parameter.value).toEqual([1, 2]);
  });

  it('takes the last of two assignments', () => {
    expect(readParameters(notebook('x = 1\nx = 2'))).toEqual([
      expect.objectContaining({ value: 2 })
    ]);
  });

  it('reads R', () => {
    const source = 'n.walkers <- 32L\nlens = "x"\nplot <- TRUE\nv <- c(1, 2)';
    expect(
      readParameters(notebook(source, 'R')).map(({ name, value }) => [
        name,
        value
      ])
    ).toEqual([
      ['n.walkers', 32],
      ['lens', 'x'],
      ['plot', true],
      ['v', undefined]
    ]);
  });

  it('reads Julia', () => {
    const source = 'n::Int = 32\nτ = 1.5\nseed = nothing';
    expect(
      readParameters(notebook(source, 'julia')).map(({ name, value }) => [
        name,
        value
      ])
    ).toEqual([
      ['n', 32],
      ['τ', 1.5],
      ['seed', null]
    ]);
  });

  it('reads nothing of a language that it does not know', () => {
    expect(readParameters(notebook('x = 1', 'haskell'))).toEqual([]);
  });

  it.each([undefined, null, 1, 'x', [], {}, { cells: 1 }, { cells: [null] }])(
    'finds none in %p',
    value => {
      expect(readParameters(value)).toEqual([]);
    }
  );

  it('ends on any source', () => {
    fc.assert(
      fc.property(fc.fullUnicodeString(), source => {
        readParameters(notebook(source));
      })
    );
    expect(readParameters(notebook('"'.repeat(100_001)))).toEqual([]);
  });

  it('reads back any text that Python writes', () => {
    fc.assert(
      fc.property(fc.fullUnicodeString(), text => {
        const source = `before = 1\nx = ${JSON.stringify(text)} # c\nafter = 2`;
        const values = readParameters(notebook(source)).map(
          ({ value }) => value
        );
        expect(values).toEqual([1, text, 2]);
      })
    );
  });
});
