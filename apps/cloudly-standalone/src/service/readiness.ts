import { type FleetStore, type FleetStoreErrorCode, isFleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { within } from '../time/within.js';
import type { NodeOutcomes } from './node-outcomes.js';

/** Whether nodes can be served now. Anybody may read the reasons, so they name no database and no host. */
export type Readiness =
  | { isReady: true }
  | { isReady: false; reason: 'draining' | 'nodes-refused' | 'store-timeout' | 'store-failed' | FleetStoreErrorCode };

export interface ReadinessOptions {
  store: Pick<FleetStore, 'probe'>;
  isDraining: () => boolean;
  /** What nodes got last. */
  outcomes: Pick<NodeOutcomes, 'keptAtMs' | 'failedAtMs'>;
  /** Told in full why the store cannot write, once for as long as it cannot. */
  onError?: ((error: unknown) => void) | undefined;
  /** Milliseconds since 1970, for the store. */
  now?: (() => number) | undefined;
  /** Milliseconds of a clock that only goes forward, the one of the outcomes. @default performance.now */
  nowMs?: (() => number) | undefined;
  /** How long the store may take. @default 2000 */
  timeoutMs?: number;
  /** How long an answer of the store is reused, so that probes cost it nothing. @default 1000 */
  goodForMs?: number;
}

const defaults = { timeoutMs: 2000, goodForMs: 1000, nowMs: () => performance.now(), now: Date.now };

/**
 * For how long it counts that nodes were told that they cannot be served: they come again after 30 seconds. A load balancer
 * that has turned away sends none that could show the contrary; then the store's own word counts.
 */
const REFUSAL_STANDS_MS = 45_000;

/**
 * Whether nodes can be served, by what they got and else by what the store says when it is to write something. It is asked by
 * one at a time however many want to know, and not at all while nodes are served. It never rejects.
 */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { store, isDraining, outcomes, onError, timeoutMs, goodForMs } = { ...defaults, ...options };
  const { now = defaults.now, nowMs = defaults.nowMs } = options;
  let last: { atMs: number; readiness: Readiness } | undefined;
  let asking: Promise<Readiness> | undefined;
  let isFailing = false;
  let recoveredAtMs = -Infinity;

  const askStore = async (): Promise<Readiness> => {
    let readiness: Readiness = { isReady: true };
    try {
      await store.probe(now());
      if (isFailing) recoveredAtMs = nowMs();
      isFailing = false;
    } catch (error) {
      isFailing = true;
      readiness = { isReady: false, reason: isFleetStoreError(error) ? error.code : 'store-failed' };
      if (last?.readiness.isReady !== false) onError?.(error);
    }
    last = { atMs: nowMs(), readiness };
    asking = undefined;
    return readiness;
  };

  const byStore = async (): Promise<Readiness> => {
    if (!asking && last && nowMs() - last.atMs < goodForMs) return last.readiness;
    asking ??= askStore();
    const readiness = await within(timeoutMs, asking, late);
    if (readiness === late) isFailing = true;
    return readiness;
  };

  const isServing = (): boolean => {
    const keptAtMs = outcomes.keptAtMs();
    return keptAtMs > outcomes.failedAtMs() && nowMs() - keptAtMs < goodForMs;
  };

  /** A store that failed since and is well again has shown why nodes were refused, and that it is over. */
  const isRefusing = (): boolean => {
    const failedAtMs = outcomes.failedAtMs();
    return failedAtMs > Math.max(outcomes.keptAtMs(), recoveredAtMs) && nowMs() - failedAtMs < REFUSAL_STANDS_MS;
  };

  return async () => {
    if (isDraining()) return { isReady: false, reason: 'draining' };
    if (isServing()) return { isReady: true };
    const readiness = await byStore();
    // Where the store says why, that tells more than that nodes are refused.
    return readiness.isReady && isRefusing() ? { isReady: false, reason: 'nodes-refused' } : readiness;
  };
}

const late: Readiness = { isReady: false, reason: 'store-timeout' };
