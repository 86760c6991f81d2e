import { type FleetStore, type FleetStoreErrorCode, isFleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { within } from '../within.js';
import type { NodeOutcomes } from './node-outcomes.js';

/** Whether nodes can be served now. The reasons are for whoever may ask, so they name no database and no host. */
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
  /** For how long an answer of the store stands, so that whoever asks costs it nothing. @default 1000 */
  goodForMs?: number;
}

const defaults = { timeoutMs: 2000, goodForMs: 1000, nowMs: () => performance.now(), now: Date.now };

/**
 * For how long it counts that nodes were told that they cannot be served, unless one was served since. A load balancer that
 * has turned away sends no node that could show the contrary; then the store's own word counts.
 */
const REFUSAL_STANDS_MS = 5000;

/**
 * Whether nodes can be served, by what they got and else by what the store says when it is to write something. It is asked by
 * one at a time however many want to know, and not at all while nodes are served. It never rejects.
 */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { store, isDraining, outcomes, onError, timeoutMs, goodForMs } = { ...defaults, ...options };
  const { now = defaults.now, nowMs = defaults.nowMs } = options;
  let last: { atMs: number; readiness: Readiness } | undefined;
  let asking: Promise<Readiness> | undefined;

  const askStore = async (): Promise<Readiness> => {
    let readiness: Readiness = { isReady: true };
    try {
      await store.probe(now());
    } catch (error) {
      readiness = { isReady: false, reason: isFleetStoreError(error) ? error.code : 'store-failed' };
      if (last?.readiness.isReady !== false) onError?.(error);
    }
    last = { atMs: nowMs(), readiness };
    asking = undefined;
    return readiness;
  };

  /** What nodes got, if that is newer than whatever else is known. */
  const byOutcomes = (): Readiness | undefined => {
    const [keptAtMs, failedAtMs] = [outcomes.keptAtMs(), outcomes.failedAtMs()];
    if (failedAtMs > keptAtMs && nowMs() - failedAtMs < REFUSAL_STANDS_MS)
      return { isReady: false, reason: 'nodes-refused' };
    return keptAtMs > failedAtMs && nowMs() - keptAtMs < goodForMs ? { isReady: true } : undefined;
  };

  const byStore = (): Promise<Readiness> => {
    if (!asking && last && nowMs() - last.atMs < goodForMs) return Promise.resolve(last.readiness);
    asking ??= askStore();
    return within(timeoutMs, asking, { isReady: false, reason: 'store-timeout' });
  };

  return async () => {
    if (isDraining()) return { isReady: false, reason: 'draining' };
    const seen = byOutcomes();
    if (seen?.isReady) return seen;
    // Where the store says why, that tells more than that nodes are refused.
    const told = await byStore();
    return told.isReady ? (seen ?? told) : told;
  };
}
