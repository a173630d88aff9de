import { parseCsv, readColumn } from '../csv';

describe('a file of values', () => {
  it.each([
    ['commas', 'ra,dec\n1,2\n3,4\n'],
    ['semicolons', 'ra;dec\n1;2\n3;4\n'],
    ['tabs', 'ra\tdec\n1\t2\n3\t4'],
    ['the line ends of Windows', 'ra,dec\r\n1,2\r\n3,4\r\n'],
    ['the line ends of an old Mac', 'ra,dec\r1,2\r3,4'],
    ['a byte order mark', '\uFEFFra,dec\n1,2\n3,4\n'],
    ['quotes', '"ra","dec"\n"1","2"\n"3","4"\n'],
    ['empty lines', 'ra,dec\n\n1,2\n\r\n3,4\n\n'],
    ['blanks around names', ' ra , dec \n1,2\n3,4\n']
  ])('is read with %s', (_, text) => {
    const table = parseCsv(text);
    expect(table?.columns).toEqual(['ra', 'dec']);
    expect(table?.rowCount).toBe(2);
    expect(table?.cellsOf('ra')).toEqual(['1', '3']);
    expect(readColumn(table?.cellsOf('dec') ?? [])).toEqual([2, 4]);
  });

  it('keeps what stands in quotes to the letter', () => {
    const text = 'name,x\n"a, ""b""\nc",1\n<b>bold</b>,2\n';
    expect(parseCsv(text)?.cellsOf('name')).toEqual([
      'a, "b"\nc',
      '<b>bold</b>'
    ]);
  });

  it('has empty cells where a row is short, and bears a quote that is not closed', () => {
    expect(parseCsv('a,b\n1\n2,"x\n')?.cellsOf('b')).toEqual(['', 'x\n']);
  });

  it('says which columns are not there', () => {
    expect(parseCsv('a,b\n1,2\n')?.cellsOf('c')).toBeUndefined();
    expect(parseCsv('')).toBeNull();
    expect(parseCsv('\uFEFF\n\n')).toBeNull();
  });

  it.each([
    [
      ['1', '-2.5', '1e3'],
      [1, -2.5, 1000]
    ],
    [
      ['007', '1'],
      ['007', '1']
    ],
    [
      ['1', ''],
      ['1', '']
    ],
    [['12345678901234567890'], ['12345678901234567890']],
    [
      ['True', 'false'],
      [true, false]
    ],
    [
      ['NaN', '1'],
      ['NaN', '1']
    ]
  ])('reads the column %j as %j', (cells, values) => {
    expect(readColumn(cells)).toEqual(values);
  });
});
