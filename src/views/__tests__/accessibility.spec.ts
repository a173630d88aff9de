import { violationsOf } from './axe';
import { VIEWS } from './everyView';
import { trans } from './fixtures';

/** The page of an array has hundreds of elements, each of which is looked at by every rule. */
const AXE_TIMEOUT_MS = 180_000;

it.each(VIEWS)(
  '%s has no barrier that axe finds',
  async (_, draw) => {
    expect(await violationsOf(draw(trans))).toEqual([]);
  },
  AXE_TIMEOUT_MS
);

it('axe does find one', async () => {
  const element = document.createElement('div');
  element.innerHTML = '<button></button>';
  document.body.append(element);
  expect(await violationsOf(element)).toEqual([
    'button-name: <button></button>'
  ]);
  element.remove();
});
