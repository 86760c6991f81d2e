import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { formatClock, formatShortDay } from '../format/format-time.js';

export interface PlotProps {
  title: string;
  /** The last value, in words. */
  latest: string;
  /** Seconds since 1970, and a value for each; `null` where there is none. */
  times: readonly number[];
  values: readonly (number | null)[];
  format: (value: number) => string;
  /** How far back it goes. */
  periodMs: number;
  min?: number;
}

const HEIGHT = 120;
const DAY_MS = 86_400_000;

/** A curve over time. What is not known is a gap. */
export function Plot({ title, latest, times, values, format, periodMs, min }: PlotProps): JSX.Element {
  const describeTime = periodMs > DAY_MS ? formatShortDay : formatClock;
  const place = useRef<HTMLDivElement>(null);
  const data = useRef<uPlot.AlignedData>([[], []]);
  data.current = [times.slice(), values.slice()];
  const drawn = useRef<uPlot>();
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    // Read when it is drawn: the theme may have changed.
    const colour = (name: 'color' | 'borderColor' | 'outlineColor') => () => getComputedStyle(element)[name];
    const axis = {
      stroke: colour('color'),
      font: `12px ${getComputedStyle(element).fontFamily}`,
      grid: { stroke: colour('borderColor'), width: 1 },
      ticks: { show: false },
    };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, points: { size: 6 } },
        scales: {
          x: { range: () => [Date.now() / 1000 - periodMs / 1000, Date.now() / 1000] },
          y: { range: (_self, low, high) => [min ?? low, Math.max(high, (min ?? low) + 1)] },
        },
        axes: [
          {
            ...axis,
            size: 28,
            space: 64,
            values: (_self, ticks) => ticks.map((seconds) => describeTime(seconds * 1000)),
          },
          { ...axis, size: 56, space: 36, values: (_self, ticks) => ticks.map(format) },
        ],
        series: [
          {},
          {
            label: title,
            stroke: colour('outlineColor'),
            width: 1.5,
            points: { show: times.length < 3, size: 5 },
            spanGaps: false,
          },
        ],
      },
      data.current,
      element,
    );
    drawn.current = plot;
    const sizes = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    sizes.observe(element);
    const themes = new MutationObserver(() => plot.redraw());
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
      plot.destroy();
      drawn.current = undefined;
    };
  }, []);
  useEffect(() => drawn.current?.setData(data.current), [times, values]);
  return (
    <figure class="plot">
      <figcaption>
        <b>{title}</b>
        <b>{latest}</b>
      </figcaption>
      <div class="curve" ref={place} role="img" aria-label={`${title}, now ${latest}`} />
    </figure>
  );
}
