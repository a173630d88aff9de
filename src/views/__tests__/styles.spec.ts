import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const STYLE = join(__dirname, '../../../style');

/** The classes that a style sheet styles wherever they stand: `.name {`. */
function classesOf(file: string): string[] {
  const text = readFileSync(join(STYLE, file), 'utf8');
  const found = text.matchAll(/^\.(jp-BatchJobs-\w+)(?= \{|,$)/gm);
  return [...new Set([...found].map(([, name]) => name))];
}

// All sheets are in the page once their views were seen: what one says of a name holds for all.
it('no two style sheets mean different things by one class', () => {
  const all = readdirSync(STYLE).flatMap(classesOf);
  expect(all.filter((name, place) => all.indexOf(name) !== place)).toEqual([]);
});
