import type { SupervisorOptions } from '@serve.zone/balena-supervisor-emulator';
import type { Recording } from '../recording.js';
import type { Stage } from './stage.js';

/** A state that the emulated device can be brought into, and the time that it is looked at from there. */
export interface Scene {
  readonly name: string;
  /** What kind of device it is. */
  readonly device?: SupervisorOptions;
  /** What happens before the request, and what is to happen while it is under way. */
  readonly arrange?: (stage: Stage, recording: Recording) => unknown;
  /** For how long what was begun goes on: the request is sent at moments of it. Without it, it is sent at once. */
  readonly courseMs?: number;
}

/** A kind of situation: by which words of a recording it is known, and which scenes it may have been. */
export interface Situation {
  readonly name: string;
  /** Looked for in the scenario and the name of a recording. */
  readonly words: RegExp;
  /** The likeliest first. */
  readonly scenes: readonly Scene[];
}
