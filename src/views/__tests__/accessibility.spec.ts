import { violationsOf } from './axe';
import { VIEWS } from './everyView';
import { trans } from './fixtures';

it.each(VIEWS)('%s has no barrier that axe finds', async (_, draw) => {
  expect(await violationsOf(draw(trans))).toEqual([]);
});

it('axe does find one', async () => {
  const element = document.createElement('div');
  element.innerHTML = '<button></button>';
  document.body.append(element);
  expect(await violationsOf(element)).toEqual([
    'button-name: <button></button>'
  ]);
  element.remove();
});
