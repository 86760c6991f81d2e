import type { LocalDeviceInfo, LocalTargetState } from '../answers/local.js';
import { forceOf, type CallOptions, type ForceOptions } from '../call/call-options.js';
import type { Call } from '../call/caller.js';
import { endpoints } from '../endpoints/endpoints.js';

/** For tools that push to a device in local mode. Its logs are `localLogs` of `/logs`. */
export interface Local {
  /** What kind of device it is. `GET /v2/local/device-info`, since 7.21 */
  deviceInfo(options?: CallOptions): Promise<LocalDeviceInfo>;
  /**
   * What the device shall run, in any mode (before Supervisor 10.6.33 in local mode alone) and of all apps: it shows **the environment of every service**, keys included,
   * whichever app the caller's key is for. `GET /v2/local/target-state`, since 7.21
   */
  targetState(options?: CallOptions): Promise<LocalTargetState>;
  /**
   * Replaces what the device shall run, and applies it. Rejects with `bad-request` outside local mode, or if the
   * Supervisor finds a mistake in it. `POST /v2/local/target-state`, since 7.21
   */
  setTargetState(state: LocalTargetState, options?: ForceOptions): Promise<void>;
}

export function localOf(call: Call): Local {
  return {
    deviceInfo: async (options = {}) => call(endpoints.localDeviceInfo, options),
    targetState: async (options = {}) => call(endpoints.localTargetState, options),
    setTargetState: async (state, options = {}) => {
      assertState(state);
      return call(endpoints.setLocalTargetState, options, { body: { local: state, ...forceOf(options) } });
    },
  };
}

/** A target without apps would take all of them off the device, as a slip of the pen. */
function assertState(state: unknown): void {
  if (!isObject(state)) throw new TypeError('The state must be an object such as { config: {}, apps: {} }.');
  for (const name of ['config', 'apps'] as const) {
    if (!(name in state) || !isObject((state as Record<typeof name, unknown>)[name])) {
      throw new TypeError(`The option \`${name}\` of the state must be an object.`);
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
