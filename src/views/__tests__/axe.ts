import axe from 'axe-core';

/**
 * What axe finds wrong with an element of the page.
 *
 * jsdom draws nothing: contrasts are judged in a real browser.
 */
export async function violationsOf(element: Element): Promise<string[]> {
  const { violations } = await axe.run(element, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } }
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(node => `${id}: ${node.html}`)
  );
}
