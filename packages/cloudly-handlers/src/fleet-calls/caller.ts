import type { Actor } from '../events/actor.js';
import type { Role } from '../roles/role.js';
import type { Scope } from '../selector/selector.js';

/** Who calls, and what they may do. */
export interface Caller {
  actor: Actor;
  role: Role;
  /** Which nodes there are for them. Without one, the whole fleet. */
  scope?: Scope | undefined;
}
