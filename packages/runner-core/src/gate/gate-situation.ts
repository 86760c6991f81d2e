import type { UpdateMode } from '@serve.zone/baseos-contracts';
import type { LockState } from './lock-state.js';

/** Why a gated device does not hold its lock on purpose. */
export type OpenedBy =
  /** The command `update`, from the moment it is in the journal until it has ended. */
  | 'update'
  /** A command that our own lock would stand in the way of. */
  | 'own-command'
  /** BaseRunner kept crashing: a release may mend it. */
  | 'crash-loop'
  /** Cloudly has not answered for `BASEOS_GATE_OPENS_AFTER`. */
  | 'silence';

/** What the state of the gate follows from. */
export interface GateSituation {
  mode: UpdateMode;
  openedBy: OpenedBy | undefined;
  lock: LockState;
}

/** Where the gate of a device is. */
export type GatePhase =
  /** The device takes releases as they come. */
  | 'none'
  | 'closed'
  /** The lock is being released. */
  | 'opening'
  | 'open'
  /** The lock is wanted, and another one is still there. */
  | 'closing'
  /** Releases cannot be held. */
  | 'unavailable';

/** What holds the lock open if several reasons do: that which ends last comes first. Pure. */
export function openedBy(reasons: ReadonlySet<OpenedBy>): OpenedBy | undefined {
  return (['crash-loop', 'silence', 'update', 'own-command'] as const).find((reason) => reasons.has(reason));
}

/** Whether the lock is to be held. Pure. */
export function isLockWanted({ mode, openedBy: opened }: Omit<GateSituation, 'lock'>): boolean {
  return mode === 'gated' && opened === undefined;
}

/** Total over all situations. Pure. */
export function gatePhase({ mode, openedBy: opened, lock }: GateSituation): GatePhase {
  if (mode === 'free') return 'none';
  if (opened === 'crash-loop') return 'unavailable';
  if (opened !== undefined) return lock.kind === 'released' ? 'open' : 'opening';
  switch (lock.kind) {
    case 'held':
      return 'closed';
    case 'released':
      return 'closing';
    case 'awaited':
      // Whoever else holds the lock holds releases, but not for us.
      return lock.holder === 'unknown' ? 'unavailable' : 'closing';
    case 'impossible':
      return 'unavailable';
    default:
      return lock satisfies never;
  }
}
