import * as React from 'react';

/** One of the leaves of a page. */
export interface IPageTab {
  id: string;
  title: string;
  content: JSX.Element;
}

/** Where the arrow keys lead. */
const STEPS: Readonly<Record<string, number | undefined>> = {
  ArrowRight: 1,
  ArrowLeft: -1
};

/** Leaves of which one is in sight; arrow keys go from one to the next. */
export function PageTabs(props: {
  label: string;
  tabs: readonly IPageTab[];
}): JSX.Element {
  const { label, tabs } = props;
  const id = React.useId();
  const [chosen, setChosen] = React.useState<string | null>(null);
  const shown = tabs.find(tab => tab.id === chosen) ?? tabs[0];
  const ref = React.useRef<HTMLDivElement>(null);
  const move = (step: number): void => {
    const at = tabs.indexOf(shown) + step;
    const next = tabs[(at + tabs.length) % tabs.length];
    setChosen(next.id);
    ref.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <>
      <div
        ref={ref}
        role="tablist"
        aria-label={label}
        className="jp-BatchJobs-tabs"
        onKeyDown={event => {
          const step = STEPS[event.key];
          if (step) {
            event.preventDefault();
            move(step);
          }
        }}
      >
        {tabs.map(tab => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}${tab.id}`}
            data-tab={tab.id}
            aria-selected={tab === shown}
            aria-controls={`${id}panel`}
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => setChosen(tab.id)}
          >
            {tab.title}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${id}panel`}
        aria-labelledby={`${id}${shown.id}`}
      >
        {shown.content}
      </div>
    </>
  );
}
