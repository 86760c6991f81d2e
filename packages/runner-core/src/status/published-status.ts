import type { NextRequest } from '../loop/compose-call.js';
import type { RunnerStatus } from './runner-status.js';

/** What `status.json` holds. */
export interface PublishedStatus {
  format: 1;
  /** Of the agent that wrote it. */
  agent: { pid: number; bootId: string; version: string };
  /** Where its process ID counts: a reader of another namespace (another container) cannot ask for it. */
  pidNamespace?: string | undefined;
  /** RFC 3339, by the device's clock. */
  writtenAt: string;
  writtenAtUptimeSeconds: number;
  /** The kernel's `boot_id`: an uptime means nothing after the device was restarted. Absent where it is not known. */
  deviceBootId?: string | undefined;
  healthyUntilUptimeSeconds: number;
  status: RunnerStatus;
  /** The call that is due next, as it would have been made when this was written; absent where there is none to make. */
  nextRequest?: NextRequest | undefined;
}

/** What was found in the run directory. */
export type FoundStatus =
  /** Of an agent that runs and makes progress. */
  | { kind: 'live'; path: string; published: PublishedStatus }
  /** Of an agent that was killed, hangs, or ran before the last boot: its status is no longer valid. */
  | { kind: 'stale'; path: string; published: PublishedStatus }
  /** It is there and this user may not read it. */
  | { kind: 'unreadable'; path: string }
  /** It belongs to a user who, as far as is known, is not the agent's: its content is ignored. */
  | { kind: 'foreign'; path: string; uid: number }
  | { kind: 'none' };
