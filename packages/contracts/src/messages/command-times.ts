import type { CommandKind, CommandRequest } from './command.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** How long a command may run once it has begun, and how long its services must then keep running. */
export interface CommandTimes {
  timeoutMs: number;
  soakMs: number;
}

const defaultTimes: Record<CommandKind, CommandTimes> = {
  update: { timeoutMs: 24 * 60 * MINUTE_MS, soakMs: MINUTE_MS },
  'restart-app': { timeoutMs: 5 * MINUTE_MS, soakMs: 0 },
  'restart-service': { timeoutMs: 2 * MINUTE_MS, soakMs: 0 },
  'start-service': { timeoutMs: 2 * MINUTE_MS, soakMs: 0 },
  'stop-service': { timeoutMs: 2 * MINUTE_MS, soakMs: 0 },
  reboot: { timeoutMs: 10 * MINUTE_MS, soakMs: 0 },
  shutdown: { timeoutMs: 10 * MINUTE_MS, soakMs: 0 },
  blink: { timeoutMs: MINUTE_MS, soakMs: 0 },
  preview: { timeoutMs: MINUTE_MS, soakMs: 0 },
};

/** The times of a command: its own, or the defaults of its kind. A kind that is not known gets those of `restart-app`. */
export function commandTimes({ kind, timeoutMs, soakMs }: CommandRequest): CommandTimes {
  const defaults = Object.hasOwn(defaultTimes, kind) ? defaultTimes[kind as CommandKind] : defaultTimes['restart-app'];
  return { timeoutMs: timeoutMs ?? defaults.timeoutMs, soakMs: soakMs ?? defaults.soakMs };
}
