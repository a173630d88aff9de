import type { Page } from '@playwright/test';

/**
 * From now on note when an element first matches a selector, after the frame in which it does.
 *
 * @returns a function that waits for it and gives the moment in ms since the epoch.
 */
export async function notePainted(
  page: Page,
  selector: string
): Promise<() => Promise<number>> {
  const handle = await page.evaluateHandle(
    wanted => ({
      moment: new Promise<number>(resolve => {
        const look = (): void => {
          if (document.querySelector(wanted)) {
            observer.disconnect();
            // The second frame begins when the first one, with the change in it, is painted.
            requestAnimationFrame(() =>
              requestAnimationFrame(() =>
                resolve(performance.timeOrigin + performance.now())
              )
            );
          }
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, {
          subtree: true,
          childList: true,
          attributes: true,
          characterData: true
        });
        look();
      })
    }),
    selector
  );
  return () => handle.evaluate(noted => noted.moment);
}
