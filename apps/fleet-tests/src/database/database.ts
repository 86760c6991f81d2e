import type { FleetStore } from '@serve.zone/baseos-cloudly-handlers';
import type { Victim } from '../processes/victim.js';

/** Where a fleet is kept: for servers, for commands beside them, and for tests that look into it. */
export interface Database {
  /** The flags of `serve` and of the commands beside it. */
  storage: readonly string[];
  /** The fleet, beside the servers. */
  openStore(): Promise<FleetStore & { close(): void | Promise<void> }>;
  /** Processes of the database itself. */
  victims: readonly Victim[];
  /** Makes a copy of its content while servers are running. */
  backUp(): Promise<void>;
  /** Replaces the content by the copy. No server may use it. */
  restore(): Promise<void>;
  /** Ends it and removes all its data. */
  remove(): Promise<void>;
}
