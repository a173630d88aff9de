import * as React from 'react';
import uPlot from 'uplot';

import { barsOf, endOf } from '../../model/histogram';
import type { ISpreadPlotProps } from '../job/TaskUse';
import { countText } from '../text/timeText';

const HEIGHT = 120;
const FONT = '11px sans-serif';

/** Parts of the axis at which its values stand. */
const SPLITS: readonly number[] = [0, 0.25, 0.5, 0.75, 1];

/**
 * How many tasks used how much, drawn; those that failed are hatched, and a line stands where they asked.
 *
 * Only to be seen: the same stands beside it as a table.
 */
export function SpreadPlot(props: ISpreadPlotProps): JSX.Element {
  const { spread, write, askedText } = props;
  const box = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const element = box.current;
    if (!element) {
      return;
    }
    const plot = new uPlot(
      plotOptions({ spread, write, askedText }, element),
      barsOf(spread),
      element
    );
    const resized = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: HEIGHT })
    );
    resized.observe(element);
    const themed = new MutationObserver(() => plot.redraw());
    themed.observe(document.body, {
      attributes: true,
      attributeFilter: ['data-jp-theme-name']
    });
    return () => {
      resized.disconnect();
      themed.disconnect();
      plot.destroy();
    };
  }, [spread, write, askedText]);
  return <div ref={box} className="jp-BatchJobs-plot" aria-hidden="true" />;
}

function plotOptions(
  { spread, write, askedText }: ISpreadPlotProps,
  element: HTMLElement
): uPlot.Options {
  const end = endOf(spread);
  const ink = inkOf(element);
  const paths = uPlot.paths.bars?.({ size: [1, Infinity], gap: 1 });
  const axis: uPlot.Axis = {
    font: FONT,
    stroke: () => ink('--jp-ui-font-color2', 'CanvasText'),
    ticks: { show: false },
    grid: { show: false }
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [14, 20, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [0, end] },
      y: { range: (_, _least, most) => [0, Math.max(1, most)] }
    },
    axes: [
      {
        ...axis,
        size: 22,
        splits: () => SPLITS.map(part => part * end),
        values: (_, splits) => splits.map(write)
      },
      {
        ...axis,
        size: 44,
        incrs: WHOLE_STEPS,
        values: (_, splits) => splits.map(countText)
      }
    ],
    series: [
      {},
      {
        paths,
        points: { show: false },
        fill: () => ink('--jp-brand-color1', 'Highlight')
      },
      {
        paths,
        points: { show: false },
        fill: plot =>
          hatch(plot.ctx, ink('--jp-error-color1', 'CanvasText'), ink)
      }
    ],
    hooks: {
      draw: [
        plot =>
          drawAsked(
            plot,
            spread.asked,
            askedText,
            ink('--jp-error-color1', 'CanvasText')
          )
      ]
    }
  };
}

/** There are no parts of tasks. */
const WHOLE_STEPS = [1, 2, 5]
  .flatMap(step => [0, 1, 2, 3, 4, 5, 6].map(power => step * 10 ** power))
  .sort((one, other) => one - other);

/** What a colour is called, with that of the system where the user forces colours. */
type Ink = (name: string, forced: string) => string;

/** The colours of the theme, as it is when they are asked for. */
function inkOf(element: HTMLElement): Ink {
  return (name, forced) =>
    window.matchMedia('(forced-colors: active)').matches
      ? forced
      : getComputedStyle(element).getPropertyValue(name).trim();
}

/** Stripes of a colour, which can be told in greys too. */
function hatch(
  canvas: CanvasRenderingContext2D,
  colour: string,
  ink: Ink
): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 6;
  const context = tile.getContext('2d');
  if (!context) {
    return colour;
  }
  context.fillStyle = ink('--jp-layout-color1', 'Canvas');
  context.fillRect(0, 0, 6, 6);
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  for (const shift of [-6, 0, 6]) {
    context.moveTo(shift, 6);
    context.lineTo(shift + 6, 0);
  }
  context.stroke();
  return canvas.createPattern(tile, 'repeat') ?? colour;
}

/** The line at what was asked, with its word. */
function drawAsked(
  plot: uPlot,
  asked: number,
  text: string,
  colour: string
): void {
  const { ctx: context, bbox } = plot;
  const x = plot.valToPos(asked, 'x', true);
  context.save();
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = uPlot.pxRatio;
  context.setLineDash([4 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
  context.beginPath();
  context.moveTo(x, bbox.top - 12 * uPlot.pxRatio);
  context.lineTo(x, bbox.top + bbox.height);
  context.stroke();
  context.font = `${11 * uPlot.pxRatio}px sans-serif`;
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  context.fillText(text, x - 4 * uPlot.pxRatio, bbox.top);
  context.restore();
}
