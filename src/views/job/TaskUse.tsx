import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Histogram, TaskUsage } from '../../model/contract';
import { bytesText } from '../text/quantityText';
import { coresText, countText, durationText } from '../text/timeText';

/** What a chart of how something is spread is made from. */
export interface ISpreadPlotProps {
  spread: Histogram;
  /** Write an amount for a person. */
  write: (value: number) => string;
  /** The word at the line of what was asked. */
  askedText: string;
}

/** Draws how something is spread. */
export type SpreadPlot = React.ComponentType<ISpreadPlotProps>;

/** What the tasks of an array used of what they asked. Nothing is said of what is not known. */
export function TaskUse(props: {
  usage: TaskUsage;
  /** Null until it is loaded. */
  plot: SpreadPlot | null;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { usage, plot, trans } = props;
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
        write={bytesText}
        plot={plot}
        trans={trans}
      />
      <Used
        label={trans.__('Cores in use')}
        spread={cores}
        write={coresText}
        plot={plot}
        trans={trans}
      />
      <Used
        label={trans.__('Time')}
        spread={elapsed_seconds}
        write={durationText}
        plot={plot}
        trans={trans}
      />
    </section>
  );
}

interface IUsedProps {
  label: string;
  spread: Histogram | null;
  write: (value: number) => string;
  plot: SpreadPlot | null;
  trans: TranslationBundle;
}

/** One quantity: how it is spread beside what was asked, as a chart, in words and as a table. */
function Used(props: IUsedProps): JSX.Element {
  const { label, spread, write, plot: Plot, trans } = props;
  if (!spread) {
    return (
      <p>
        {label} <span className="jp-BatchJobs-quiet">–</span>
      </p>
    );
  }
  return (
    <div>
      <div>{label}</div>
      {Plot ? (
        <Plot
          spread={spread}
          write={write}
          askedText={trans.__('asked %1', write(spread.asked))}
        />
      ) : (
        <div className="jp-BatchJobs-plot" />
      )}
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
    <table className="jp-BatchJobs-plainTable" aria-label={label}>
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
