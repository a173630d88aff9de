import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { countText } from './text/timeText';

/** One of many things of which one is chosen. */
export interface IPickItem {
  id: string;
  title: string;
  /** What is said of it besides; empty if nothing is. */
  note: string;
}

export interface IPickerProps {
  items: readonly IPickItem[];
  label: string;
  /** What can be written into the empty field. */
  hint: string;
  /** This is what Enter chooses; null while nothing is found. */
  onActive: (item: IPickItem | null) => void;
  onChoose: (item: IPickItem) => void;
  trans: TranslationBundle;
}

/** Many things, found by their names; arrow keys lead to one, Enter in the dialog chooses it. */
export function Picker(props: IPickerProps): JSX.Element {
  const { items, label, onActive, onChoose, trans } = props;
  const [text, setText] = React.useState('');
  const [at, setAt] = React.useState(0);
  const id = React.useId();
  const found = React.useMemo(() => findItems(items, text), [items, text]);
  const active = Math.min(at, found.length - 1);
  const list = React.useRef<HTMLUListElement>(null);
  React.useEffect(() => {
    list.current?.children[active]?.scrollIntoView?.({ block: 'nearest' });
  }, [active]);
  React.useEffect(() => onActive(found[active] ?? null));
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step) {
      setAt(Math.max(0, Math.min(found.length - 1, active + step)));
      event.preventDefault();
    }
  };
  return (
    <div className="jp-BatchJobs-picker">
      <input
        type="search"
        role="combobox"
        className="jp-mod-styled"
        aria-label={label}
        aria-expanded={true}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={active < 0 ? undefined : `${id}${active}`}
        placeholder={props.hint}
        value={text}
        onChange={event => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul ref={list} id={id} role="listbox" aria-label={label} tabIndex={-1}>
        {found.map((item, index) => (
          <li
            key={item.id}
            id={`${id}${index}`}
            role="option"
            aria-selected={index === active}
            onClick={() => onChoose(item)}
          >
            {item.title}
            {item.note && (
              <span className="jp-BatchJobs-quiet"> {item.note}</span>
            )}
          </li>
        ))}
      </ul>
      <div role="status" className="jp-BatchJobs-quiet">
        {trans._n(
          '%2 found',
          '%2 found',
          found.length,
          countText(found.length)
        )}
      </div>
    </div>
  );
}

/** Where keys lead in the list. */
const STEPS: Readonly<Record<string, number | undefined>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 8,
  PageUp: -8
};

/** The items in whose names all of these words are. */
function findItems(
  items: readonly IPickItem[],
  text: string
): readonly IPickItem[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return items.filter(({ id, title }) => {
    const names = `${title} ${id}`.toLocaleLowerCase();
    return words.every(word => names.includes(word));
  });
}
