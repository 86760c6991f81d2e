import type { FleetStore } from '@serve.zone/baseos-cloudly-handlers';
import type { Victim } from '../processes/victim.js';

/** Where a fleet is kept: for servers, for commands beside them, and for tests that look into it. */
export interface Database {
  /** What `serve` and the commands beside it are given. */
  storage: readonly string[];
  /** The fleet, beside the servers. */
  openStore(): Promise<FleetStore & { close(): void | Promise<void> }>;
  /** Processes of the database itself. */
  victims: readonly Victim[];
  /** Keeps a copy of all that is in it, beside running servers. */
  backUp(): Promise<void>;
  /** Puts the copy in the place of what is there. No server may run on it. */
  restore(): Promise<void>;
  /** Ends it and removes all that it kept. */
  remove(): Promise<void>;
}
