import { limits } from '@serve.zone/baseos-contracts';
import { NODES_OWN_INTERVAL_MS } from '../fleet/connectivity.js';
import type { ResolvedOptions } from './handler-options.js';

export interface Pace {
  /** The nodes that send heartbeats. */
  nodeCount: number;
  heartbeatsPerSecondMax: number;
  /** For a small fleet; `undefined` leaves the interval to the nodes. */
  intervalMs: number | undefined;
  /** From 0 up to 1. */
  random: number;
}

/** The random share on top of a grown interval, so that the nodes of a fleet do not synchronise. */
const RANDOM_PART = 0.2;

/** The interval to give a node: it grows with the fleet, so that heartbeats stay under the rate. */
export function pacedInterval({ nodeCount, heartbeatsPerSecondMax, intervalMs, random }: Pace): number | undefined {
  const neededMs = (nodeCount / heartbeatsPerSecondMax) * 1000;
  if (neededMs <= (intervalMs ?? NODES_OWN_INTERVAL_MS)) return intervalMs;
  return Math.min(limits.heartbeatIntervalMaxMs, Math.ceil(neededMs * (1 + RANDOM_PART * random)));
}

/** A fleet changes slowly. */
const COUNT_IS_GOOD_FOR_MS = 30_000;

/** Of the time that a store has, counting a large fleet takes no more than one part in so many. */
const COUNTING_PART = 200;

type PacingParts = Pick<
  ResolvedOptions,
  'store' | 'heartbeatIntervalMs' | 'heartbeatsPerSecondMax' | 'random' | 'monotonicMs'
> & {
  now: () => number;
  report: (error: unknown) => void;
};

/**
 * Gives the interval for the next answer. Answers wait for the first count alone; later the last one is used while the fleet
 * is counted, and if the store cannot count.
 */
export function createPacing(parts: PacingParts): () => number | undefined | Promise<number | undefined> {
  const { store, heartbeatIntervalMs: intervalMs, heartbeatsPerSecondMax, now, monotonicMs, random, report } = parts;
  let nodeCount = 0;
  let isCounted = false;
  let counting: Promise<void> | undefined;
  let dueAtMs = -Infinity;

  const count = async (startedAtMs: number): Promise<void> => {
    try {
      nodeCount = (await store.countNodes(now())).active;
    } catch (error) {
      report(error);
    } finally {
      const tookMs = monotonicMs() - startedAtMs;
      dueAtMs = startedAtMs + Math.max(COUNT_IS_GOOD_FOR_MS, tookMs * COUNTING_PART);
      isCounted = true;
      counting = undefined;
    }
  };
  const interval = (): number | undefined =>
    pacedInterval({ nodeCount, heartbeatsPerSecondMax, intervalMs, random: random() });

  return () => {
    const timerMs = monotonicMs();
    if (!counting && timerMs >= dueAtMs) counting = count(timerMs);
    return isCounted || !counting ? interval() : counting.then(interval);
  };
}
