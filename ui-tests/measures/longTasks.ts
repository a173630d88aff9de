import type { Page } from '@playwright/test';

/** What the browser did between two moments. */
type Work = Record<
  /** 0 if none was longer than the 50 ms from which on browsers tell of them. */
  | 'longest_task_ms'
  | 'long_tasks'
  /** The median time from one frame to the next. */
  | 'frame_ms'
  /** How long the thread that draws the page computed for each key; waiting is not in it. */
  | 'busy_ms',
  number
>;

/**
 * From now on note how long the browser is busy.
 *
 * @returns a function that tells it, given how many keys were pressed meanwhile.
 */
export async function watchWork(
  page: Page
): Promise<(keys: number) => Promise<Work>> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
  };
  const watched = await page.evaluateHandle(() => {
    const tasks: number[] = [];
    const frames: number[] = [];
    const observer = new PerformanceObserver(list => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    observer.observe({ type: 'longtask' });
    const watch = { tasks, frames, observer, frame: 0 };
    const onFrame = (at: number): void => {
      frames.push(at);
      watch.frame = requestAnimationFrame(onFrame);
    };
    watch.frame = requestAnimationFrame(onFrame);
    return watch;
  });
  const before = await busy();
  return async keys => {
    const seconds = (await busy()) - before;
    await cdp.detach();
    const seen = await watched.evaluate(watch => {
      const { tasks, frames, observer } = watch;
      tasks.push(...observer.takeRecords().map(({ duration }) => duration));
      observer.disconnect();
      cancelAnimationFrame(watch.frame);
      const gaps = frames.slice(1).map((at, frame) => at - frames[frame]);
      gaps.sort((one, other) => one - other);
      return {
        longest_task_ms: Math.max(0, ...tasks),
        long_tasks: tasks.length,
        frame_ms: gaps[Math.floor(gaps.length / 2)]
      };
    });
    return { ...seen, busy_ms: (1000 * seconds) / keys };
  };
}
