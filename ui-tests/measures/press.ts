import { expect } from '@playwright/test';

const PATIENCE_MS = 60_000;

/** How long it takes from a press until something is painted. */
export async function msUntil(
  painted: (withinMs: number) => Promise<number | null>,
  press: () => Promise<number>
): Promise<number> {
  const pressed = await press();
  const moment = await painted(PATIENCE_MS);
  expect(moment).not.toBeNull();
  return Number(moment) - pressed;
}

/** Press an element; return the moment before that, in ms since the epoch. */
export function pressedAt(element: Element): number {
  const moment = performance.timeOrigin + performance.now();
  (element as HTMLElement).click();
  return moment;
}
