import type { Socket } from 'node:net';
import { connect } from '../transport/open-connection.js';
import { inTurns } from '../transport/race-addresses.js';
import type { Attempt } from './attempt.js';
import type { Probed } from './within.js';

/** The result of connecting to one address of a host. */
export interface AddressProbe {
  address: string;
  connection: Probed<Attempt<Socket>>;
}

/** More addresses are ignored, so that a strange DNS answer does not open hundreds of connections. */
const ADDRESSES_MAX = 8;

/** How long the other addresses have once one has accepted the connection. */
const OTHERS_MS = 2000;

/**
 * Connects to every address in parallel, because the agent uses the first one that works and does not notice the others. The
 * connections are returned open.
 */
export async function probeAddresses(
  addresses: readonly string[],
  port: number,
  timeoutMs: number,
): Promise<AddressProbe[]> {
  const startedMs = performance.now();
  const elapsedMs = (): number => Math.round(performance.now() - startedMs);
  const pending = new Set<AbortController>();
  const giveUp = (): void => {
    for (const attempt of pending) attempt.abort(new Error('It took too long.'));
  };
  let timer = setTimeout(giveUp, timeoutMs);
  const probe = async (address: string): Promise<AddressProbe> => {
    const attempt = new AbortController();
    pending.add(attempt);
    try {
      const value = await connect(address, port, attempt.signal);
      pending.delete(attempt);
      clearTimeout(timer);
      timer = setTimeout(giveUp, Math.min(OTHERS_MS, timeoutMs - elapsedMs()));
      return { address, connection: { kind: 'done', value: { ok: true, value, durationMs: elapsedMs() } } };
    } catch (error) {
      pending.delete(attempt);
      if (attempt.signal.aborted) return { address, connection: { kind: 'timeout', timeoutMs: elapsedMs() } };
      const { code = 'unknown', message } = error as NodeJS.ErrnoException;
      return { address, connection: { kind: 'done', value: { ok: false, code, message } } };
    }
  };
  try {
    return await Promise.all(inTurns(addresses).slice(0, ADDRESSES_MAX).map(probe));
  } finally {
    clearTimeout(timer);
  }
}
