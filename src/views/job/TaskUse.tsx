import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Histogram, TaskUsage } from '../../model/contract';
import { formatMemory } from '../../model/quantity';
import { countText, durationText } from '../text/timeText';

/** What the tasks of an array used of what they asked. Nothing is said of what is not known. */
export function TaskUse(props: {
  usage: TaskUsage;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { usage, trans } = props;
  const { memory_bytes, cores, elapsed_seconds } = usage;
  if (!memory_bytes && !cores && !elapsed_seconds) {
    return null;
  }
  return (
    <section className="jp-BatchJobs-taskUse">
      <h3>{trans.__('What they use of what they asked')}</h3>
      <Used
        label={trans.__('Memory, peak of each task')}
        spread={memory_bytes}
        write={formatMemory}
        trans={trans}
      />
      <Used
        label={trans.__('Cores in use')}
        spread={cores}
        write={value => countText(Math.round(value * 10) / 10)}
        trans={trans}
      />
      <Used
        label={trans.__('Time')}
        spread={elapsed_seconds}
        write={durationText}
        trans={trans}
      />
    </section>
  );
}

interface IUsedProps {
  label: string;
  spread: Histogram | null;
  write: (value: number) => string;
  trans: TranslationBundle;
}

/** One quantity: a bar up to the median of what was asked, and the spread as a table. */
function Used(props: IUsedProps): JSX.Element {
  const { label, spread, write, trans } = props;
  if (!spread) {
    return (
      <p>
        {label} <span className="jp-BatchJobs-quiet">–</span>
      </p>
    );
  }
  const percent = Math.min(100, (spread.median / spread.asked) * 100);
  return (
    <div>
      <div>{label}</div>
      <div className="jp-BatchJobs-bar" aria-hidden="true">
        <div style={{ width: `${percent}%` }} />
      </div>
      <div className="jp-BatchJobs-quiet">
        {trans.__(
          'Median %1, at most %2, asked %3',
          write(spread.median),
          write(spread.most),
          write(spread.asked)
        )}
      </div>
      <details>
        <summary>{trans.__('How many tasks used how much')}</summary>
        <SpreadTable {...props} spread={spread} />
      </details>
    </div>
  );
}

function SpreadTable(props: IUsedProps & { spread: Histogram }): JSX.Element {
  const { label, spread, write, trans } = props;
  const { counts, failed, width } = spread;
  return (
    <table aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Up to')}</th>
          <th scope="col">{trans.__('Tasks')}</th>
          <th scope="col">{trans.__('Failed')}</th>
        </tr>
      </thead>
      <tbody>
        {counts.map(
          (count, place) =>
            count > 0 && (
              <tr key={place}>
                <th scope="row">{write((place + 1) * width)}</th>
                <td>{countText(count)}</td>
                <td>{countText(failed[place])}</td>
              </tr>
            )
        )}
      </tbody>
    </table>
  );
}
