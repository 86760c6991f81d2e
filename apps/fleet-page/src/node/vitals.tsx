import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { HistorySlot } from '@serve.zone/baseos-cloudly-handlers';
import type { Vitals as Reading } from '@serve.zone/baseos-contracts';
import { formatBytes } from '../format/format-bytes.js';
import { useEvery } from '../live/use-every.js';
import { server } from '../session/server.js';
import { Problem } from '../ui/problem.js';
import { Skeleton } from '../ui/skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { Plot } from './plot.js';
import { curveOf } from './curve-of.js';

type Resolution = 'detail' | 'hours';

const plots: readonly {
  title: string;
  read: (vitals: Reading) => number | undefined;
  format: (value: number) => string;
}[] = [
  { title: 'Load', read: ({ load1 }) => load1, format: (value) => value.toFixed(value < 10 ? 2 : 0) },
  {
    title: 'CPU temperature',
    read: ({ cpuTemperatureCelsius }) => cpuTemperatureCelsius,
    format: (value) => `${Math.round(value)} °C`,
  },
  { title: 'Memory available', read: ({ memoryAvailableBytes }) => memoryAvailableBytes, format: formatBytes },
  { title: 'Storage free', read: ({ storageFreeBytes }) => storageFreeBytes, format: formatBytes },
];

const SLOT_MS: Readonly<Record<Resolution, number>> = { detail: 300_000, hours: 3_600_000 };
const DAY_MS = 86_400_000;
const PERIOD_MS: Readonly<Record<Resolution, number>> = { detail: DAY_MS, hours: 90 * DAY_MS };
const RELOAD_MS = 60_000;

/** How a node has felt, over a day or 90 of them. */
export function Vitals({ nodeId }: { nodeId: string }): JSX.Element {
  const [resolution, setResolution] = useState<Resolution>('detail');
  const history = useLoaded(`${nodeId} ${resolution}`, () => server.history(nodeId, resolution));
  useEvery(RELOAD_MS, () => void history.reload());
  return (
    <section class="sec">
      <div class="sec-h">
        <h2>Vitals</h2>
        <div class="seg" role="group" aria-label="Period">
          {(['detail', 'hours'] as const).map((each) => (
            <button key={each} type="button" aria-pressed={resolution === each} onClick={() => setResolution(each)}>
              {each === 'detail' ? '24 hours' : '90 days'}
            </button>
          ))}
        </div>
      </div>
      {history.error !== undefined && <Problem error={history.error} />}
      {!history.value && history.error === undefined && <Skeleton lines={8} />}
      {history.value && (
        <Curves key={resolution} slots={history.value} slotMs={SLOT_MS[resolution]} periodMs={PERIOD_MS[resolution]} />
      )}
    </section>
  );
}

interface CurvesProps {
  slots: readonly HistorySlot[];
  slotMs: number;
  periodMs: number;
}

function Curves({ slots, slotMs, periodMs }: CurvesProps): JSX.Element {
  const known = plots.flatMap(({ title, read, format }) => {
    const curve = curveOf(slots, slotMs, read);
    return curve ? [{ title, format, ...curve }] : [];
  });
  if (known.length === 0)
    return <p class="box pad muted">Nothing yet. A node reports its vitals with each heartbeat.</p>;
  return (
    <>
      <div class="box pad plots">
        {known.map(({ title, format, times, values, latest }) => (
          <Plot
            key={title}
            title={title}
            latest={format(latest)}
            times={times}
            values={values}
            format={format}
            periodMs={periodMs}
            min={0}
          />
        ))}
      </div>
      <p class="hint">A gap: the node reported nothing.</p>
    </>
  );
}
