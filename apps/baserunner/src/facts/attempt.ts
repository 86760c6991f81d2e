import { isTransportFailure, type TransportFailureDetails } from '@serve.zone/baseos-cloudly-connector';
import type { Probed } from './within.js';

/** A network call that succeeded, or the code of its error. */
export type Attempt<Value> =
  | { ok: true; value: Value; durationMs: number }
  | { ok: false; code: string; message: string; details?: TransportFailureDetails | undefined };

export function worked<Value>(
  probed: Probed<Attempt<Value>> | undefined,
): probed is { kind: 'done'; value: { ok: true; value: Value; durationMs: number } } {
  return probed?.kind === 'done' && probed.value.ok;
}

export async function attempt<Value>(call: () => Promise<Value>): Promise<Attempt<Value>> {
  const startedMs = performance.now();
  try {
    const value = await call();
    return { ok: true, value, durationMs: Math.round(performance.now() - startedMs) };
  } catch (error) {
    const { code = 'unknown', message } = error as NodeJS.ErrnoException;
    return { ok: false, code, message, details: isTransportFailure(error) ? error.details : undefined };
  }
}
