import type { CommandTimes } from '@serve.zone/baseos-contracts';
import type { TimeSpent } from '../journal/journal-entry.js';

/** The boot of the kernel and how long it lasts already. */
export interface Uptime {
  kernelBootId?: string | undefined;
  uptimeMs: number;
}

/** How long a command has run when the agent finds it in its journal. After a restart of the device the rest counts from there. */
export function timeSpentAt({ spentMs, kernelBootId, uptimeMs }: TimeSpent, now: Uptime): number {
  const isSameBoot = kernelBootId !== undefined && kernelBootId === now.kernelBootId;
  return isSameBoot && uptimeMs !== undefined ? spentMs + Math.max(0, now.uptimeMs - uptimeMs) : spentMs;
}

/**
 * Whether a command must end now. The time in which its services must keep running comes on top; the rest of it is allowed
 * even to a command that used all its time before.
 *
 * @param lookMs from one look at the device to the next: the last one may be so much late
 */
export function isTimeUp(
  spentMs: number,
  { timeoutMs, soakMs }: CommandTimes,
  { isVerifying, lookMs }: { isVerifying: boolean; lookMs: number },
): boolean {
  return spentMs >= timeoutMs + (isVerifying ? soakMs + 2 * lookMs : 0);
}
