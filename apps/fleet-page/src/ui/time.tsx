import type { JSX } from 'preact';
import { formatDuration } from '../format/format-duration.js';
import { formatDay, formatExact } from '../format/format-time.js';
import { now } from './now.js';

const DAY_MS = 86_400_000;

/** A moment that has passed, by how long ago it was; the exact one on hover. */
export function Ago({ atMs, isBare = false }: { atMs: number; isBare?: boolean }): JSX.Element {
  const ageMs = Math.max(0, now.value - atMs);
  const text = formatDuration(ageMs < 60_000 ? Math.floor(ageMs / 1000) * 1000 : ageMs);
  return <Moment atMs={atMs} text={isBare ? text : `${text} ago`} />;
}

/** The day of a moment. */
export function Day({ atMs }: { atMs: number }): JSX.Element {
  return <Moment atMs={atMs} text={formatDay(atMs)} />;
}

/** A moment to come, by how long it takes until then; further ahead, by its day. */
export function In({ atMs }: { atMs: number }): JSX.Element {
  const restMs = atMs - now.value;
  return <Moment atMs={atMs} text={restMs > 7 * DAY_MS ? formatDay(atMs) : `in ${formatDuration(restMs)}`} />;
}

export function Moment({ atMs, text }: { atMs: number; text: string }): JSX.Element {
  return (
    <time datetime={new Date(atMs).toISOString()} title={formatExact(atMs)}>
      {text}
    </time>
  );
}
