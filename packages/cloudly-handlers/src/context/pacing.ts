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

/** Counting a large fleet takes time; a fleet changes slowly. */
const COUNT_IS_GOOD_FOR_MS = 30_000;

type PacingParts = Pick<ResolvedOptions, 'store' | 'heartbeatIntervalMs' | 'heartbeatsPerSecondMax' | 'random'> & {
  now: () => number;
  report: (error: unknown) => void;
};

/** Gives the interval for the next answer. If the store cannot count, the last count is used. */
export function createPacing(parts: PacingParts): () => number | undefined | Promise<number | undefined> {
  const { store, heartbeatIntervalMs: intervalMs, heartbeatsPerSecondMax, now, random, report } = parts;
  let nodeCount = 0;
  let countedAtMs: number | undefined;
  let counting: Promise<void> | undefined;

  const count = async (nowMs: number): Promise<void> => {
    countedAtMs = nowMs;
    try {
      nodeCount = (await store.countNodes(nowMs)).active;
    } catch (error) {
      report(error);
    } finally {
      counting = undefined;
    }
  };
  const interval = (): number | undefined =>
    pacedInterval({ nodeCount, heartbeatsPerSecondMax, intervalMs, random: random() });

  return () => {
    const nowMs = now();
    if (countedAtMs === undefined || Math.abs(nowMs - countedAtMs) >= COUNT_IS_GOOD_FOR_MS) counting = count(nowMs);
    return counting ? counting.then(interval) : interval();
  };
}
