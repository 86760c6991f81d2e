import { type NodeStore, type FleetStoreErrorCode, isFleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { within } from '../time/within.js';
import type { NodeOutcomes } from './node-outcomes.js';

/** Whether nodes can be served now. The reasons are public, so they name no database and no host. */
export type Readiness =
  | { isReady: true }
  | { isReady: false; reason: 'draining' | 'nodes-refused' | 'store-timeout' | 'store-failed' | FleetStoreErrorCode };

export interface ReadinessOptions {
  store: Pick<NodeStore, 'probe'>;
  isDraining: () => boolean;
  /** The last outcomes for nodes. */
  outcomes: Pick<NodeOutcomes, 'keptAtMs' | 'failedAtMs'>;
  /** Called with the whole reason why the store cannot write, once per outage. */
  onError?: ((error: unknown) => void) | undefined;
  /** Milliseconds since 1970, for the store. */
  now?: (() => number) | undefined;
  /** Milliseconds of the monotonic clock of the outcomes. @default performance.now */
  nowMs?: (() => number) | undefined;
  /** How long the store may take. @default 2000 */
  timeoutMs?: number;
  /** How long an answer of the store is reused, so that probes cost it nothing. @default 1000 */
  goodForMs?: number;
}

const defaults = { timeoutMs: 2000, goodForMs: 1000, nowMs: () => performance.now(), now: Date.now };

/**
 * How long a rejection of nodes counts: they retry after 30 seconds. A load balancer that has removed this server sends
 * no node that could show the opposite; then the store's own answer counts.
 */
const REFUSAL_STANDS_MS = 45_000;

/**
 * Whether nodes can be served, judged by their last outcomes, or else by a test write to the store. Only one test runs
 * at a time, however many probes ask, and none while nodes are served. It never rejects.
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

  /** A store that has failed since then and recovered explains the rejections, and shows that they are over. */
  const isRefusing = (): boolean => {
    const failedAtMs = outcomes.failedAtMs();
    return failedAtMs > Math.max(outcomes.keptAtMs(), recoveredAtMs) && nowMs() - failedAtMs < REFUSAL_STANDS_MS;
  };

  return async () => {
    if (isDraining()) return { isReady: false, reason: 'draining' };
    if (isServing()) return { isReady: true };
    const readiness = await byStore();
    // A reason from the store says more than the fact that nodes are rejected.
    return readiness.isReady && isRefusing() ? { isReady: false, reason: 'nodes-refused' } : readiness;
  };
}

const late: Readiness = { isReady: false, reason: 'store-timeout' };
