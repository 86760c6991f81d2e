import type { SupervisorOptions } from '@serve.zone/balena-supervisor-emulator';
import type { Recording } from '../recordings/recording.js';
import type { Stage } from './stage.js';

/** A state that the emulated device can be brought into, and the time that it is looked at from there. */
export interface Scene {
  name: string;
  /** What kind of device it is. */
  device?: SupervisorOptions;
  /** What happens before the request, and what happens while it is in progress. */
  arrange?: (stage: Stage, recording: Recording) => unknown;
  /** How long the situation lasts: the request is sent at several moments of it. If absent, it is sent at once. */
  courseMs?: number;
}

/**
 * A kind of situation, the words by which it is known, and the scenes it may have been. The words are looked for in
 * `<scenario> | <name>` of a recording.
 */
export interface Situation {
  name: string;
  /** With these words it is this situation and no other. */
  certain?: RegExp;
  /** With these it may be. */
  possible?: RegExp;
  /** On what kind of device it can be, if not on any. */
  on?: DeviceKind;
  /** The likeliest first. */
  scenes: readonly Scene[];
}

/** A device that asks the cloud what to run, or one that runs what it is told to over the API. */
export type DeviceKind = 'managed' | 'local';
