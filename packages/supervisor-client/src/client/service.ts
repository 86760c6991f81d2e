import { forceOf, type CallOptions, type ForceOptions } from '../call/call-options.js';
import type { Call } from '../call/caller.js';
import { endpoints } from '../endpoints/endpoints.js';

/** A service's name in `docker-compose.yml` (since Supervisor 8.3), or the ID of its image from `stateStatus`. */
export type ServiceSelector = string | { imageId: number };

/**
 * A service of an app. In an app with one service, the Supervisor uses that service regardless of the name; before 14.5 it
 * rejects a wrong name there, too. While a lock is held, Supervisors 7.12.0 to 12.2.10 do not answer (`timeout`).
 *
 * A service that stops or restarts itself gets no answer.
 */
export interface Service {
  /**
   * Starts a stopped service. Since Supervisor 12.2.11, a lock does not prevent it.
   * `POST /v2/applications/:appId/start-service`, since 7.0
   */
  start(options?: CallOptions): Promise<void>;
  /**
   * Stops the service until something starts it again: this client, or a restart of its app, of the Supervisor or of the
   * device.
   * Rejects with `locked` while any service of the app holds an update lock (in 16.2.0 to 16.7.7, while this one does).
   * `POST /v2/applications/:appId/stop-service`, since 7.0
   */
  stop(options?: ForceOptions): Promise<void>;
  /**
   * Stops the service and recreates its container. Rejects with `locked` as `stop` does.
   * `POST /v2/applications/:appId/restart-service`, since 7.0
   */
  restart(options?: ForceOptions): Promise<void>;
}

export function serviceOf(call: Call, appId: number, selector: ServiceSelector): Service {
  const named = namedBy(selector);
  const body = (options: ForceOptions): object => ({ ...named, ...forceOf(options) });
  return {
    start: async (options = {}) => call(endpoints.startService, options, { appId, body: named }),
    stop: async (options = {}) => call(endpoints.stopService, options, { appId, body: body(options) }),
    restart: async (options = {}) => call(endpoints.restartService, options, { appId, body: body(options) }),
  };
}

/** @throws TypeError that names the option */
export function assertServiceName(value: unknown): asserts value is string {
  if (typeof value !== 'string' || value.trim() === '') {
    throw new TypeError('The option `serviceName` must be the name of a service in docker-compose.yml.');
  }
}

function namedBy(selector: ServiceSelector): { serviceName: string } | { imageId: number } {
  if (typeof selector === 'object' && selector !== null) {
    const { imageId } = selector;
    if (Number.isSafeInteger(imageId) && imageId > 0) return { imageId };
    throw new TypeError('The option `imageId` must be a positive whole number.');
  }
  assertServiceName(selector);
  return { serviceName: selector };
}
