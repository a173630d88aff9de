import type { Page } from '@playwright/test';

/** What is waited for: an element of this selector that holds all these words. */
export interface ISought {
  selector: string;
  words?: readonly string[];
  /** Instead, that there is none such (any more). */
  isGone?: boolean;
}

/**
 * From now on note when an element first is what is sought, after the frame in which it is.
 *
 * @returns a function that waits for it and gives the moment in ms since the epoch; null if it was
 * not seen within a time from the call on.
 */
export async function notePainted(
  page: Page,
  sought: ISought
): Promise<(withinMs: number) => Promise<number | null>> {
  const noted = await page.evaluateHandle(
    ({ selector, words = [], isGone = false }) => {
      const isSo = (): boolean =>
        isGone !==
        [...document.querySelectorAll(selector)].some(element =>
          words.every(word => element.textContent?.includes(word))
        );
      const moment = new Promise<number>(resolve => {
        const look = (): void => {
          if (isSo()) {
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
      });
      return { moment };
    },
    sought
  );
  return withinMs =>
    noted.evaluate(
      ({ moment }, limit) =>
        Promise.race([
          moment,
          new Promise<null>(resolve => setTimeout(() => resolve(null), limit))
        ]),
      withinMs
    );
}

/** The row of one of our jobs, saying that it is completed. */
export function completedRow(jobId: string): ISought {
  return { selector: `[data-job-id="${jobId}"][aria-label*=", Completed"]` };
}
