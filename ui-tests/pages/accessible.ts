import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Expect that axe finds no barrier in a part of the page. */
export async function expectAccessible(
  page: Page,
  selector: string
): Promise<void> {
  const found = await new AxeBuilder({ page })
    .include(selector)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'])
    .analyze();
  expect(
    found.violations.map(({ id, nodes }) => [id, nodes.map(n => n.html)])
  ).toEqual([]);
}
