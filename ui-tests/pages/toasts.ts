import type { Page } from '@playwright/test';

/** Note the notices that pop up from the next page on, also those that go away by themselves. */
export async function noteToasts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = new Map<Element, string>();
    const look = () => {
      document
        .querySelectorAll('.Toastify__toast')
        .forEach(toast => seen.set(toast, toast.textContent ?? ''));
      document.documentElement.dataset.toasts = JSON.stringify([
        ...seen.values()
      ]);
    };
    new MutationObserver(look).observe(document, {
      childList: true,
      subtree: true
    });
  });
}

/** What the notices say that popped up. */
export function toasts(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    JSON.parse(document.documentElement.dataset.toasts ?? '[]')
  );
}
