import * as fc from 'fast-check';

import { NO_SGR, sgrAfter, writeSgr } from '../sgr';

it.each([
  ['\u001b[31mred', '\u001b[31m'],
  ['\u001b[31m\u001b[0m', ''],
  ['\u001b[31m\u001b[m', ''],
  ['\u001b[1;4;31;44m', '\u001b[1;4;31;44m'],
  ['\u001b[1;4m\u001b[22m', '\u001b[4m'],
  ['\u001b[38;5;208m\u001b[48;2;1;2;3m', '\u001b[38;5;208;48;2;1;2;3m'],
  ['\u001b[31m\u001b[39m\u001b[41m\u001b[49m', ''],
  ['\u001b[38', ''],
  ['plain', '']
])('of %j stays %j', (text, code) => {
  expect(writeSgr(sgrAfter(NO_SGR, text))).toBe(code);
});

it('is the same however the text is cut behind codes', () => {
  const code = fc.array(fc.integer({ min: 0, max: 110 }), { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(code), fc.array(code), (first, second) => {
      const write = (codes: number[][]): string =>
        codes.map(one => `\u001b[${one.join(';')}m`).join('x');
      const whole = sgrAfter(NO_SGR, write(first) + write(second));
      const cut = sgrAfter(sgrAfter(NO_SGR, write(first)), write(second));
      expect(cut).toEqual(whole);
    })
  );
});
