import * as fc from 'fast-check';

import { joinWords, splitWords } from '../words';

describe('splitWords', () => {
  it.each([
    ['', []],
    ['  a   b\tc\n', ['a', 'b', 'c']],
    [`'a b' "c d"`, ['a b', 'c d']],
    [`a'b'"c"d`, ['abcd']],
    [`''`, ['']],
    [`"a\\"b\\\\c\\d"`, ['a"b\\c\\d']],
    [`'a\\'`, ['a\\']],
    ['a\\ b', ['a b']],
    ['$HOME *.fits ~ | $(id) #x', ['$HOME', '*.fits', '~', '|', '$(id)', '#x']]
  ])('splits %p', (text, words) => {
    expect(splitWords(text).words).toEqual(words);
  });

  it.each([`'a`, `"a`, `a\\`, `"a\\"`])('refuses %p', text => {
    expect(splitWords(text)).toEqual({
      words: null,
      error: 'unbalanced_quotes'
    });
  });

  it('reads back what joinWords writes', () => {
    fc.assert(
      fc.property(fc.array(fc.fullUnicodeString()), words => {
        expect(splitWords(joinWords(words)).words).toEqual(words);
      })
    );
  });
});
