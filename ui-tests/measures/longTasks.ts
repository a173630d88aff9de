import type { Page } from '@playwright/test';

/**
 * From now on note how long the browser is busy at a time.
 *
 * @returns a function that gives the longest task in ms, 0 if none was longer than the 50 ms from
 * which on browsers tell of them, and their number.
 */
export async function watchTasks(
  page: Page
): Promise<() => Promise<Record<'longest_task_ms' | 'long_tasks', number>>> {
  const watched = await page.evaluateHandle(() => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver(list => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    observer.observe({ type: 'longtask' });
    return { tasks, observer };
  });
  return () =>
    watched.evaluate(({ tasks, observer }) => {
      tasks.push(...observer.takeRecords().map(({ duration }) => duration));
      observer.disconnect();
      return {
        longest_task_ms: Math.max(0, ...tasks),
        long_tasks: tasks.length
      };
    });
}
