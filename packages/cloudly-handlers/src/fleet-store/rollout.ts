import type { Actor } from '../events/actor.js';
import type { CommandOrder } from '../fleet/command-order.js';
import type { MemberState, PauseReason, RolloutState } from '../fleet/rollout-states.js';
import type { Scope } from '../selector/selector.js';

/**
 * A command for many nodes, wave by wave, that stops itself when too many of them fail. Whoever holds its revision changes it and its
 * members: every change of either counts the revision up, so that two processes never act on the same reading.
 */
export interface Rollout {
  /** A UUID that the caller chooses. */
  id: string;
  revision: number;
  name: string;
  command: RolloutCommand;
  /** As it was typed. */
  selector: string;
  createdAtMs: number;
  createdBy: Actor;
  role: 'operate' | 'admin';
  /** That of whoever created it: a node that leaves it is skipped. */
  scope?: Scope;
  /** At least one. The last one takes whoever is left. */
  waves: readonly Wave[];
  limits: RolloutLimits;
  window?: RolloutWindow;
  /** Nodes that match the selector later become members, too. */
  isDynamic: boolean;
  /** It begins only once another person has approved it. */
  needsApproval: boolean;
  approval?: { by: Actor; atMs: number };
  state: RolloutState;
  /** While it is `starting`: whose freezing of members counts. */
  startToken?: string;
  startedAtMs?: number;
  /** Present while it is `paused`. */
  pause?: { reason: PauseReason; by: Actor; atMs: number };
  endedAtMs?: number;
  /** The wave that is open, from 0: its members are offered the command, and those of earlier waves that come back. */
  waveIndex: number;
  /** When the open wave was over: its soak counts from then. */
  waveOverAtMs?: number;
  /** Somebody has opened the manual gate behind the open wave. */
  gateOpened?: { by: Actor; atMs: number };
  /** How many members of each wave are in each state. */
  counts: readonly WaveCounts[];
}

export type WaveCounts = Readonly<Record<MemberState, number>>;

/** The command that each member gets. An update names the release that it is about. */
export type RolloutCommand = Omit<CommandOrder, 'expiresInMs' | 'of'>;

export interface Wave {
  /** Only nodes that it matches, too; as it was typed. The last wave has none. */
  select?: string;
  /** How many of those that are left, or how many percent of all members; neither: all that are left. */
  size?: { count: number } | { percent: number };
  /** What must happen behind it, beside its soak: `manual`, that somebody opens its gate. */
  gate: 'auto' | 'manual';
  /** How long all is quiet after it is over. */
  soakMs: number;
}

export interface RolloutLimits {
  /** How many members have the command at a time. */
  maxInFlight: number;
  /** How many of each value of a label. */
  perGroup?: { label: string; max: number };
  /** The rollout pauses when more of those that have ended have failed, of a wave or in all, ... */
  failPercent: number;
  /** ... and at least so many; in a wave with fewer members, the first one that fails. */
  failMin: number;
  /** How often a member may try. */
  attempts: number;
  /** How long the command of a member is due once it is offered. */
  commandDueMs: number;
  /** How long a deferred member is waited for. */
  deferredDueMs: number;
}

/** When a rollout may offer its command: from each instant of the cron expression on, for so long. */
export interface RolloutWindow {
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  cron: string;
  /** An IANA time zone, such as `Europe/Berlin`. */
  zone: string;
  durationMs: number;
}
