import { type FleetStore, type FleetStoreErrorCode, isFleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { within } from '../within.js';

/** Whether nodes can be served now. The reasons are for whoever may ask, so they name no database and no host. */
export type Readiness =
  | { isReady: true }
  | { isReady: false; reason: 'draining' | 'store-timeout' | 'store-failed' | FleetStoreErrorCode };

export interface ReadinessOptions {
  store: Pick<FleetStore, 'cloudlyId'>;
  isDraining: () => boolean;
  /** Told in full why the store does not answer, once for as long as it does not. */
  onError?: ((error: unknown) => void) | undefined;
  /** How long the store may take. @default 2000 */
  timeoutMs?: number;
  /** For how long an answer of the store stands, so that whoever asks costs it nothing. @default 1000 */
  goodForMs?: number;
}

const defaults = { timeoutMs: 2000, goodForMs: 1000 };

/** Asks the store, which is asked by one at a time however many want to know. It never rejects. */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { store, isDraining, onError, timeoutMs, goodForMs } = { ...defaults, ...options };
  let last: { atMs: number; readiness: Readiness } | undefined;
  let asking: Promise<Readiness> | undefined;

  const askStore = async (): Promise<Readiness> => {
    let readiness: Readiness = { isReady: true };
    try {
      await store.cloudlyId();
    } catch (error) {
      readiness = { isReady: false, reason: isFleetStoreError(error) ? error.code : 'store-failed' };
      if (last?.readiness.isReady !== false) onError?.(error);
    }
    last = { atMs: performance.now(), readiness };
    asking = undefined;
    return readiness;
  };

  return async () => {
    if (isDraining()) return { isReady: false, reason: 'draining' };
    if (!asking && last && performance.now() - last.atMs < goodForMs) return last.readiness;
    asking ??= askStore();
    return within(timeoutMs, asking, { isReady: false, reason: 'store-timeout' });
  };
}
