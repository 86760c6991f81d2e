import { sleep } from '../waiting/sleep.js';
import type { SupervisorError } from '../errors/supervisor-error.js';

/** How to go on after the stream has ended or broken, as when the Supervisor is updated or the device reboots. */
export interface ReconnectOptions {
  /** The wait after a first failure; it doubles with each further one. @default 1000 */
  firstWaitMs?: number | undefined;
  /** No wait is longer. Each is shortened by chance, to half at most, so that many devices do not ask at once. @default 30000 */
  longestWaitMs?: number | undefined;
  /** Called before each wait. */
  onDisconnect?: ((disconnect: Disconnect) => void) | undefined;
  /** Called when the stream is open again, before anything of it is given. */
  onReconnect?: ((reconnect: Reconnect) => void) | undefined;
  /** @default a timer */
  sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** From 0 to below 1. @default Math.random */
  random?: (() => number) | undefined;
}

/** A stream that has ended or broken, or could not be opened. */
export interface Disconnect {
  /** Absent if the Supervisor ended the stream in order. */
  error?: SupervisorError;
  /** Since something was received last: 1 for the first. */
  failures: number;
  /** Until the next attempt. */
  waitMs: number;
}

/** A stream that is open again. */
export interface Reconnect {
  /** For how long there was no stream. */
  outageMs: number;
  /**
   * Whether all is given that was logged meanwhile. False where some may be missing: the local log has no history, and the
   * journal no longer has the last entry that was given, as after a reboot of a device that keeps it in memory.
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

/** `undefined`: the stream is read once. */
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

/** The wait after so many failures in a row, between half of what the doubling allows and all of it. */
export function reconnectWaitMs(
  failures: number,
  { firstWaitMs, longestWaitMs, random }: Pick<ResolvedReconnect, 'firstWaitMs' | 'longestWaitMs' | 'random'>,
): number {
  const ceilingMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
  return ceilingMs / 2 + (ceilingMs / 2) * random();
}
