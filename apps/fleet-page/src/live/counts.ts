import { signal } from '@preact/signals';
import type { FleetSummary } from '@serve.zone/baseos-cloudly-handlers';
import { server } from '../session/server.js';
import { onEvents } from './feed.js';

/** How many nodes there are, for the rail. */
export const summary = signal<FleetSummary | undefined>(undefined);

const PAUSE_MS = 3000;

/** Keeps the numbers, with one question for many events. Returns what ends it. */
export function keepCounts(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = async (): Promise<void> => {
    timer = undefined;
    summary.value = await server.summary().catch(() => summary.value);
  };
  const stop = onEvents(() => {
    timer ??= setTimeout(() => void read(), PAUSE_MS);
  });
  void read();
  return () => {
    clearTimeout(timer);
    stop();
  };
}
