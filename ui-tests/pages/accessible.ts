import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Expect that axe, with all its rules, finds no barrier in a part of the page. */
export async function expectAccessible(
  page: Page,
  selector: string
): Promise<void> {
  const found = await new AxeBuilder({ page }).include(selector).analyze();
  expect(
    found.violations.map(({ id, nodes }) => [id, nodes.map(n => n.html)])
  ).toEqual([]);
}
