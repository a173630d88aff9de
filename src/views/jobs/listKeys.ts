/** Typed letters belong to one word when they follow each other within this time. */
const TYPE_AHEAD_MS = 700;

/** What was typed to find a row, and when. */
export interface ITypeAhead {
  text: string;
  atMs: number;
}

/** The places of a list where the focus can stand, from top to bottom. */
export function stopsOf(list: HTMLElement): HTMLElement[] {
  return Array.from(list.querySelectorAll<HTMLElement>('[data-stop]'));
}

/** The place that a key leads to; null if the key is none of navigation. */
export function stopAfterKey(
  key: string,
  stops: readonly HTMLElement[],
  current: HTMLElement | null
): HTMLElement | null {
  const index = current ? stops.indexOf(current) : -1;
  switch (key) {
    case 'ArrowDown':
      return stops[Math.min(stops.length - 1, index + 1)] ?? null;
    case 'ArrowUp':
      return stops[Math.max(0, index - 1)] ?? null;
    case 'Home':
      return stops[0] ?? null;
    case 'End':
      return stops[stops.length - 1] ?? null;
    default:
      return null;
  }
}

/** The button beside the focused one in a row: to the right, or back as far as the row itself. */
export function buttonAfterKey(
  key: string,
  row: HTMLElement,
  focused: Element | null
): HTMLElement | null {
  const places = [
    row,
    ...Array.from(row.querySelectorAll<HTMLElement>('button'))
  ];
  const index = places.findIndex(place => place === focused);
  switch (key) {
    case 'ArrowRight':
      return places[Math.min(places.length - 1, index + 1)];
    case 'ArrowLeft':
      return places[Math.max(0, index - 1)];
    default:
      return null;
  }
}

/** Take one more typed character. */
export function typeAhead(
  typed: ITypeAhead,
  character: string,
  atMs: number
): ITypeAhead {
  const isFollowing = atMs - typed.atMs < TYPE_AHEAD_MS;
  return { text: (isFollowing ? typed.text : '') + character, atMs };
}

/**
 * The next row whose name begins with what was typed.
 *
 * The first letter moves on from the current row; further letters may stay on it.
 */
export function stopByName(
  text: string,
  stops: readonly HTMLElement[],
  current: HTMLElement | null,
  nameOf: (stop: HTMLElement) => string
): HTMLElement | null {
  const start = current ? stops.indexOf(current) : -1;
  const first = text.length > 1 ? Math.max(0, start) : start + 1;
  const turned = [...stops.slice(first), ...stops.slice(0, first)];
  const wanted = text.toLocaleLowerCase();
  return (
    turned.find(stop => nameOf(stop).toLocaleLowerCase().startsWith(wanted)) ??
    null
  );
}
