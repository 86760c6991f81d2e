import * as v from 'valibot';
import { readJson, type ReadAnswer } from './read-answer.js';
import { anyObject, optionalText, text, textsByName, withoutAbsent } from './lenient.js';

/** The device's architecture and type, for building images that run on it. */
export interface LocalDeviceInfo {
  /** As in `aarch64`. */
  arch: string;
  /** As in `raspberrypi4-64`. */
  deviceType: string;
}

/** The target state of the device, as in `/v2/local/target-state`. */
export interface LocalTargetState {
  /** The device's name. */
  name?: string;
  /** The device's configuration variables. */
  config: Record<string, string>;
  /**
   * The apps by ID, unprocessed. Supervisors differ in what they return here, and what they return is not what they accept.
   * It contains the environment of every service, including keys.
   */
  apps: Record<string, unknown>;
}

const deviceInfoSchema = v.pipe(
  v.object({ info: v.object({ arch: text, deviceType: text }) }),
  v.transform(({ info }): LocalDeviceInfo => info),
);

const targetStateSchema = v.pipe(
  v.object({
    state: v.object({ local: v.object({ name: optionalText, config: textsByName, apps: anyObject }) }),
  }),
  v.transform(({ state }): LocalTargetState => withoutAbsent(state.local)),
);

export const readDeviceInfo: ReadAnswer<LocalDeviceInfo> = readJson(deviceInfoSchema);
export const readTargetState: ReadAnswer<LocalTargetState> = readJson(targetStateSchema);
