import type { TranslationBundle } from '@jupyterlab/translation';

import { formatDuration } from '../../model/quantity';
import { isolated } from './quantityText';

const HOUR_SECONDS = 3600;

// Making one takes longer than all that a table writes with it.
const clockTime = once(
  () =>
    new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
);
const dayAndTime = once(
  () =>
    new Intl.DateTimeFormat(undefined, {
      hour: '2-digit',
      minute: '2-digit',
      day: 'numeric',
      month: 'short'
    })
);
const exactTime = once(
  () =>
    new Intl.DateTimeFormat(undefined, {
      dateStyle: 'medium',
      timeStyle: 'long'
    })
);
const wholeNumber = once(() => new Intl.NumberFormat());

/** A duration as a person says it: `20 s`, `14 min`, `1 h 30 min`, `2 d 3 h`. */
export function durationText(seconds: number): string {
  return isolated(formatDuration(seconds, seconds < HOUR_SECONDS ? 1 : 2));
}

/** The seconds between two times; null if one of them is not known. */
export function secondsBetween(
  start: string | null,
  end: string | number | null
): number | null {
  if (start === null || end === null) {
    return null;
  }
  const endMs = typeof end === 'number' ? end : Date.parse(end);
  return Math.max(0, (endMs - Date.parse(start)) / 1000);
}

/** A moment as briefly as it is clear: the time today, the day and the time else. */
export function momentText(time: string, now: number): string {
  const moment = new Date(time);
  const isToday = moment.toDateString() === new Date(now).toDateString();
  return isolated((isToday ? clockTime() : dayAndTime()).format(moment));
}

/** A moment exactly, in local time with its zone. */
export function exactTimeText(time: string): string {
  return isolated(exactTime().format(new Date(time)));
}

/** How old something is: `3 min old`. */
export function ageText(
  since: number,
  now: number,
  trans: TranslationBundle
): string {
  return trans.__('%1 old', durationText((now - since) / 1000));
}

/** How old what is known is, where the server does not answer; empty while it does. */
export function staleText(
  staleSince: number | null,
  now: number,
  trans: TranslationBundle
): string {
  return staleSince === null ? '' : ageText(staleSince, now, trans);
}

/** The moment that times are counted to: none goes on while nobody can say that it does. */
export function countedTo(now: number, staleSince: number | null): number {
  return staleSince === null ? now : Math.min(now, staleSince);
}

/** A number with the separators of the locale. */
export function countText(count: number): string {
  return wholeNumber().format(count);
}

/** So many cores in use, which is rarely a whole number: `1.94`. */
export function coresText(cores: number): string {
  return countText(Math.round(cores * 100) / 100);
}

/** Make something when it is first needed, and keep it. */
function once<T>(make: () => T): () => T {
  let made: T | null = null;
  return () => (made ??= make());
}
