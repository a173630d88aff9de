import * as React from 'react';

import {
  buttonAfterKey,
  stopAfterKey,
  stopByName,
  stopsOf,
  typeAhead
} from './listKeys';

/** What the list does with keys that are not navigation. */
export interface IListKeyActions {
  /** The name by which a place is found when it is typed. */
  nameOf: (stop: HTMLElement) => string;
  /** Enter on a row. */
  onEnter: (stop: HTMLElement) => void;
  /** Delete on a row. */
  onDelete: (stop: HTMLElement) => void;
}

/** What the hook gives to the list's element. */
export interface IListFocus {
  ref: React.RefObject<HTMLDivElement>;
  stop: string | null;
  onFocus: (event: React.FocusEvent) => void;
  onKeyDown: (event: React.KeyboardEvent) => void;
}

/**
 * Make a list one tab stop, with arrow keys, Home, End, type-ahead, Enter, Delete and the menu key.
 *
 * The focus stays on its row while rows change under it, and goes to the row in its place when
 * the row vanishes.
 *
 * @param names - The `data-stop` of all places, from top to bottom.
 * @param firstStop - Where the tab key leads before the list was ever focused.
 */
export function useListFocus(
  names: readonly string[],
  firstStop: string | null,
  actions: IListKeyActions
): IListFocus {
  const ref = React.useRef<HTMLDivElement>(null);
  const place = React.useRef({ typed: { text: '', atMs: 0 }, index: 0 });
  const [chosen, setChosen] = React.useState<string | null>(null);
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
  });

  const onFocus = (event: React.FocusEvent): void => {
    setChosen(stopAround(event.target)?.dataset.stop ?? null);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const list = ref.current;
    if (!list || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const current = stopAround(event.target);
    if (isMenuKey(event) && current) {
      openMenu(current);
    } else if (
      event.key === 'Enter' &&
      event.target === current &&
      isRow(current)
    ) {
      actions.onEnter(current);
    } else if (event.key === 'Delete' && current && isRow(current)) {
      actions.onDelete(current);
    } else {
      const stops = stopsOf(list);
      let target =
        stopAfterKey(event.key, stops, current) ??
        (current
          ? buttonAfterKey(event.key, current, document.activeElement)
          : null);
      const typed = typeAhead(place.current.typed, event.key, event.timeStamp);
      const isOnRow = event.target === current;
      if (!target && isTyped(event.key, typed.text, isOnRow)) {
        place.current.typed = typed;
        target = stopByName(
          typed.text,
          stops.filter(isRow),
          current,
          actions.nameOf
        );
      }
      if (!target) {
        return;
      }
      target.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const isPresent = chosen !== null && names.includes(chosen);
  return { ref, stop: isPresent ? chosen : firstStop, onFocus, onKeyDown };
}

function stopAround(target: EventTarget): HTMLElement | null {
  return target instanceof Element
    ? target.closest<HTMLElement>('[data-stop]')
    : null;
}

function isRow(stop: HTMLElement): boolean {
  return stop.dataset.jobId !== undefined;
}

function isMenuKey(event: React.KeyboardEvent): boolean {
  return (event.shiftKey && event.key === 'F10') || event.key === 'ContextMenu';
}

/** Whether a key is part of a typed name; a space at its start, or on a button, is a command. */
function isTyped(key: string, text: string, isOnRow: boolean): boolean {
  return key.length === 1 && (key !== ' ' || (text !== ' ' && isOnRow));
}

/** Ask for the context menu of an element as the right mouse button would. */
function openMenu(element: HTMLElement): void {
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
