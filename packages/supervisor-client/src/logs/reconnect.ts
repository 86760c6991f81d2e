import { sleep } from '../waiting/sleep.js';
import type { SupervisorError } from '../errors/supervisor-error.js';

/** How to continue after the stream has ended or failed, for example because the Supervisor is updated or the device reboots. */
export interface ReconnectOptions {
  /** The wait after the first failure. It doubles with each further failure. @default 1000 */
  firstWaitMs?: number | undefined;
  /** The longest wait. Each wait is randomly shortened by up to half, so that devices do not reconnect together. @default 30000 */
  longestWaitMs?: number | undefined;
  /** Called before each wait. */
  onDisconnect?: ((disconnect: Disconnect) => void) | undefined;
  /** Called when the stream is open again, before its first item. */
  onReconnect?: ((reconnect: Reconnect) => void) | undefined;
  /** @default a timer */
  sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** From 0 to below 1. @default Math.random */
  random?: (() => number) | undefined;
}

/** A stream that has ended or failed, or could not be opened. */
export interface Disconnect {
  /** Absent if the Supervisor ended the stream normally. */
  error?: SupervisorError;
  /** The number of failures since the last received item, including this one. */
  failures: number;
  /** The wait before the next attempt. */
  waitMs: number;
}

/** A stream that is open again. */
export interface Reconnect {
  /** How long there was no stream. */
  outageMs: number;
  /**
   * Whether the stream includes everything that was logged meanwhile. False if some may be missing: the local log has no
   * history, and the journal may no longer have the last returned entry, for example after a reboot of a device that keeps
   * the journal in memory.
   */
  isComplete: boolean;
}

export interface ResolvedReconnect {
  firstWaitMs: number;
  longestWaitMs: number;
  onDisconnect: ((disconnect: Disconnect) => void) | undefined;
  onReconnect: ((reconnect: Reconnect) => void) | undefined;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  random: () => number;
}

const defaults = { firstWaitMs: 1000, longestWaitMs: 30_000 } as const;

/** `undefined`: no reconnecting. */
export function resolveReconnect(reconnect: boolean | ReconnectOptions | undefined): ResolvedReconnect | undefined {
  if (reconnect === undefined || reconnect === false) return undefined;
  if (reconnect !== true && (typeof reconnect !== 'object' || reconnect === null)) {
    throw new TypeError('The option `reconnect` must be true, false or an object of options.');
  }
  const options = reconnect === true ? {} : reconnect;
  const resolved = {
    firstWaitMs: options.firstWaitMs ?? defaults.firstWaitMs,
    longestWaitMs: options.longestWaitMs ?? defaults.longestWaitMs,
    onDisconnect: options.onDisconnect,
    onReconnect: options.onReconnect,
    sleep: options.sleep ?? sleep,
    random: options.random ?? Math.random,
  };
  for (const name of ['firstWaitMs', 'longestWaitMs'] as const) {
    if (!(Number.isFinite(resolved[name]) && resolved[name] > 0)) {
      throw new TypeError(`The option \`reconnect.${name}\` must be a number of milliseconds above 0.`);
    }
  }
  return resolved;
}

/** The wait after this many failures in a row: a random time between half of the limit and the limit. */
export function reconnectWaitMs(
  failures: number,
  { firstWaitMs, longestWaitMs, random }: Pick<ResolvedReconnect, 'firstWaitMs' | 'longestWaitMs' | 'random'>,
): number {
  const ceilingMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
  return ceilingMs / 2 + (ceilingMs / 2) * random();
}
