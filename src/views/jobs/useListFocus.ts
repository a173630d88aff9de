import * as React from 'react';

import {
  buttonAfterKey,
  stopAfterKey,
  stopByName,
  stopsOf,
  typeAhead
} from './listKeys';
import type { ITypeAhead } from './listKeys';
import { selectByKey } from './selectKeys';
import type { ISelectByKey } from './selectKeys';

/** What the list does with keys that are not navigation. */
export interface IListKeyActions {
  /** The name by which a place is found when it is typed. */
  nameOf: (stop: HTMLElement) => string;
  /** Enter on a row. */
  onEnter: (stop: HTMLElement) => void;
  /** Delete on a row. */
  onDelete: (stop: HTMLElement) => void;
  /** Null where nothing can be selected. */
  select: ISelectByKey | null;
}

/** A place that is to take the focus. */
export interface IWantedStop {
  stop: string;
}

/** What the hook gives to the list's element. */
export interface IListFocus {
  ref: React.RefObject<HTMLDivElement>;
  stop: string | null;
  onFocus: (event: React.FocusEvent) => void;
  onKeyDown: (event: React.KeyboardEvent) => void;
  /** Take the focus, where the tab key would lead. */
  take: () => void;
}

/**
 * Make a list one tab stop, with arrow keys, Home, End, type-ahead, Enter, Delete, the menu key and
 * the keys that select.
 *
 * The focus stays on its row while rows change under it, and goes to the row in its place when
 * the row vanishes.
 *
 * @param names - The `data-stop` of all places, from top to bottom.
 * @param firstStop - Where the tab key leads before the list was ever focused.
 * @param wanted - Where the focus is to go as soon as that is there; once for each object.
 */
export function useListFocus(
  names: readonly string[],
  firstStop: string | null,
  wanted: IWantedStop | null,
  actions: IListKeyActions
): IListFocus {
  const ref = React.useRef<HTMLDivElement>(null);
  const place = React.useRef({ typed: { text: '', atMs: 0 }, index: 0 });
  const [chosen, setChosen] = React.useState<string | null>(null);
  const served = React.useRef<IWantedStop | null>(null);
  const hadFocus = ref.current?.contains(document.activeElement) ?? false;

  React.useLayoutEffect(() => {
    const list = ref.current;
    if (!list) {
      return;
    }
    const stops = stopsOf(list);
    const present = stops.find(stop => stop.dataset.stop === chosen);
    if (hadFocus && !list.contains(document.activeElement)) {
      const next =
        present ?? stops[Math.min(place.current.index, stops.length - 1)];
      next?.focus();
    }
    if (present) {
      place.current.index = stops.indexOf(present);
    }
    const asked = stops.find(stop => stop.dataset.stop === wanted?.stop);
    if (asked && served.current !== wanted) {
      asked.focus();
      asked.scrollIntoView?.({ block: 'nearest' });
      served.current = asked === document.activeElement ? wanted : null;
    }
  });

  const onFocus = (event: React.FocusEvent): void => {
    setChosen(stopAround(event.target)?.dataset.stop ?? null);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const list = ref.current;
    if (!list) {
      return;
    }
    const stops = stopsOf(list);
    const current = stopAround(event.target);
    const row = current && isRow(current) ? current : null;
    const isMeant =
      (actions.select !== null &&
        selectByKey(event, row, stops.filter(isRow), actions.select)) ||
      (!event.ctrlKey &&
        !event.altKey &&
        !event.metaKey &&
        (actOnKey(event, current, actions) ||
          moveByKey(event, stops, current, place.current, actions)));
    if (isMeant) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const isPresent = chosen !== null && names.includes(chosen);
  const take = (): void =>
    ref.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  const stop = isPresent ? chosen : firstStop;
  return { ref, stop, onFocus, onKeyDown, take };
}

/** Open the menu of a place, or do what is asked of a row. @returns whether the key meant that. */
function actOnKey(
  event: React.KeyboardEvent,
  current: HTMLElement | null,
  actions: IListKeyActions
): boolean {
  if (!current) {
    return false;
  }
  if (isMenuKey(event)) {
    openMenu(current);
  } else if (!isRow(current)) {
    return false;
  } else if (event.key === 'Enter' && event.target === current) {
    actions.onEnter(current);
  } else if (event.key === 'Delete') {
    actions.onDelete(current);
  } else {
    return false;
  }
  return true;
}

/** Move the focus, or select by the space bar. @returns whether the key meant that. */
function moveByKey(
  event: React.KeyboardEvent,
  stops: readonly HTMLElement[],
  current: HTMLElement | null,
  place: { typed: ITypeAhead },
  actions: IListKeyActions
): boolean {
  const { key } = event;
  const target =
    stopAfterKey(key, stops, current) ??
    (current ? buttonAfterKey(key, current, document.activeElement) : null);
  if (target) {
    target.focus();
    return true;
  }
  const typed = typeAhead(place.typed, key, event.timeStamp);
  const isOnRow = event.target === current && current !== null;
  if (isOnRow && isRow(current) && typed.text === ' ' && actions.select) {
    actions.select.toggle(current);
    return true;
  }
  if (!isTyped(key, typed.text, isOnRow)) {
    return false;
  }
  place.typed = typed;
  const rows = stops.filter(isRow);
  const found = stopByName(typed.text, rows, current, actions.nameOf);
  found?.focus();
  return found !== null;
}

function stopAround(target: EventTarget): HTMLElement | null {
  return target instanceof Element
    ? target.closest<HTMLElement>('[data-stop]')
    : null;
}

function isRow(stop: HTMLElement): boolean {
  return stop.getAttribute('role') === 'row';
}

function isMenuKey(event: React.KeyboardEvent): boolean {
  return (event.shiftKey && event.key === 'F10') || event.key === 'ContextMenu';
}

/** Whether a key is part of a typed name; a space at its start, or on a button, is a command. */
function isTyped(key: string, text: string, isOnRow: boolean): boolean {
  return key.length === 1 && (key !== ' ' || (text !== ' ' && isOnRow));
}

/** Ask for the context menu of an element as the right mouse button would. */
export function openMenu(element: HTMLElement): void {
  const box = element.getBoundingClientRect();
  element.dispatchEvent(
    new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      clientX: box.left + box.width / 3,
      clientY: box.top + box.height / 2
    })
  );
}
