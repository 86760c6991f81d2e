import type { Actor } from '../events/actor.js';
import type { Scope } from '../selector/selector.js';

/**
 * A time in which some nodes are worked on: no alert about them opens. Events are told as ever, and commands and rollouts go on.
 *
 * Which nodes these are is judged when an alert would open, so that a device that is replaced or labelled meanwhile belongs to it.
 */
export interface Maintenance {
  /** A UUID that the caller chooses: the same again is the same one. */
  id: string;
  /** As it was typed. */
  selector: string;
  fromMs: number;
  untilMs: number;
  note?: string;
  createdBy: Actor;
  createdAtMs: number;
  /** Of who made it: of nodes outside, it holds back nothing. */
  scope?: Scope;
  /** When somebody ended it before its time. */
  endedAtMs?: number;
}
