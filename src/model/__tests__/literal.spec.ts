import * as fc from 'fast-check';

import { parseValue, writePython } from '../literal';

describe('parseValue', () => {
  it.each([
    ['1', 1],
    ['-2.5e-3', -0.0025],
    ['1_000', 1000],
    ['0x10', 16],
    ['.5', 0.5],
    ['1.', 1],
    ['True', true],
    ['false', false],
    ['None', null],
    ['null', null],
    [`'it\\'s'`, "it's"],
    ['"a\\u00e9\\n"', 'aé\n'],
    ['r"\\d+"', '\\d+'],
    ['"""two\nlines"""', 'two\nlines'],
    ['[1, "two", [3,],]', [1, 'two', [3]]],
    ['(1, 2)', [1, 2]],
    ['(1)', 1],
    ['(1,)', [1]],
    ['{"a": 1, \'b\': [None]}', { a: 1, b: [null] }],
    ['[1, # one\n 2]', [1, 2]],
    ['[]', []],
    ['{}', {}]
  ])('reads %p', (text, value) => {
    expect(parseValue(text)).toEqual(value);
  });

  it.each([
    '',
    'abc',
    'NaN',
    'float("inf")',
    '1e999',
    '99999999999999999999',
    '1 + 1',
    '{1, 2}',
    '{1: 2}',
    "b'bytes'",
    "f'{x}'",
    '[1 2]',
    '[1',
    '"open',
    '"line\nbreak"',
    '1 2',
    'constructor',
    '[,]'
  ])('does not read %p', text => {
    expect(parseValue(text)).toBeUndefined();
  });

  it('reads all JSON but numbers of more digits than are exact', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        fc.pre(!/\d{16}/.test(JSON.stringify(value)));
        expect(parseValue(JSON.stringify(value))).toEqual(
          JSON.parse(JSON.stringify(value))
        );
      })
    );
  });

  it('reads back what it writes as Python', () => {
    const value = fc.jsonValue({ noUnicodeString: false });
    expect(writePython(1e17)).toBe('1e+17');
    fc.assert(
      fc.property(value, written => {
        expect(parseValue(writePython(written))).toEqual(
          JSON.parse(JSON.stringify(written))
        );
      })
    );
  });

  it('ends on any text, however deep', () => {
    expect(parseValue('['.repeat(100_000))).toBeUndefined();
    fc.assert(
      fc.property(fc.fullUnicodeString(), text => {
        parseValue(text);
      })
    );
  });

  it('keeps __proto__ a key', () => {
    const value = parseValue('{"__proto__": 1}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
  });
});
