import type { LocalDeviceInfo, LocalTargetState } from '../answers/local.js';
import { forceOf, type CallOptions, type ForceOptions } from '../call/call-options.js';
import type { Call } from '../call/caller.js';
import { endpoints } from '../endpoints/endpoints.js';

/** Calls for tools that push to a device in local mode. For its logs, see `localLogs` in `/logs`. */
export interface Local {
  /** The architecture and type of the device. `GET /v2/local/device-info`, since 7.21 */
  deviceInfo(options?: CallOptions): Promise<LocalDeviceInfo>;
  /**
   * The target state of all apps, in any mode (before Supervisor 10.6.33 only in local mode). It contains **the
   * environment of every service**, including keys, regardless of the app that the caller's key is for. `GET /v2/local/target-state`, since 7.21
   */
  targetState(options?: CallOptions): Promise<LocalTargetState>;
  /**
   * Replaces the target state and applies it. Rejects with `bad-request` outside local mode, or if the Supervisor finds a
   * mistake in the state. `POST /v2/local/target-state`, since 7.21
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

/** A target without `apps` would remove all apps from the device, so it is treated as a mistake. */
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
