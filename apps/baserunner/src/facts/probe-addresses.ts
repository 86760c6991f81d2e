import type { Socket } from 'node:net';
import { connect } from '../transport/open-connection.js';
import { inTurns } from '../transport/race-addresses.js';
import type { Attempt } from './attempt.js';
import type { Probed } from './within.js';

/** What came of a connection to one address of a host. */
export interface AddressProbe {
  address: string;
  connection: Probed<Attempt<Socket>>;
}

/** More are not looked at, so that a strange answer of a name server opens no hundred connections. */
const ADDRESSES_MAX = 8;

/** How long the others have once one address has taken the connection. */
const OTHERS_MS = 2000;

/**
 * Connects to every address side by side, as one that works hides the others from the agent, which goes on with it. The
 * connections are handed over open.
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
