import type { CommandResult } from '@serve.zone/baseos-contracts';
import type { CommandsAnswer } from '../commands/worker/command-worker.js';
import type { Enrolment, Identity } from '../identity/identity.js';
import type { Secret } from '../values/secret.js';
import type { Pace } from './backoff.js';
import type { HeardHeartbeat } from './heard-heartbeat.js';
import type { LoopState } from './loop-state.js';
import type { LoopSettings } from './loop-settings.js';

/** The input of a decision. */
export interface Turn {
  state: LoopState;
  identity: Identity;
  settings: LoopSettings;
  now: { monotonicMs: number; wallMs: number };
}

/** The heartbeat that an outcome answers. */
export interface SentHeartbeat {
  token: Secret;
  statusHash: string;
  carriedStatus: boolean;
  /** It contained no status because Cloudly had refused one. */
  isMinimal: boolean;
}

export interface HeartbeatTurn extends Turn {
  sent: SentHeartbeat;
}

/** The results in a heartbeat that Cloudly refused. */
export interface RefusedResults {
  results: readonly CommandResult[];
  /** Whether nothing else in the heartbeat can be the cause. */
  isAlone: boolean;
}

/** A decision. */
export interface Step {
  state: LoopState;
  /** To be stored before the state counts; absent if it does not change. */
  enrolment?: Enrolment | undefined;
  /** Whether the state counts only once the enrolment is stored. @default false */
  mustStore?: boolean | undefined;
  /** The wait before the next call. */
  pace: Pace;
  /** To be followed once the enrolment is stored. */
  desired?: CommandsAnswer | undefined;
  /** Present if Cloudly accepted the heartbeat. */
  heard?: HeardHeartbeat | undefined;
  /** Present if Cloudly refused the heartbeat. */
  refused?: RefusedResults | undefined;
}
