import { useEffect, useRef } from 'preact/hooks';
import type { FleetEvent } from '@serve.zone/baseos-cloudly-handlers';
import { onEvents } from './feed.js';

/** Hears of events while a part of the page is shown; of an empty list if some were missed. */
export function useEvents(listener: (events: readonly FleetEvent[]) => void): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => onEvents((events) => latest.current(events)), []);
}
