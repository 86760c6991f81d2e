import type { ContainerReceipt, SingleContainer } from '../answers/single-container.js';
import { forceOf, type CallOptions, type ForceOptions } from '../call/call-options.js';
import type { Call } from '../call/caller.js';
import { endpoints } from '../endpoints/endpoints.js';
import { ofApp } from './of-app.js';

/**
 * An app with one service, through version 1 of the API, which Supervisors before 7 have, too. For an app with several
 * services, every call except `restart` and `purge` rejects with `bad-request`: use `app()` instead.
 */
export interface SingleContainerApp {
  /** The app's ID, as in `BALENA_APP_ID`. */
  appId: number;
  /**
   * The app's container and its environment. Rejects with `not-found` if the answer is about another app.
   * `GET /v1/apps/:appId`, since 1.8
   */
  read(options?: CallOptions): Promise<SingleContainer>;
  /**
   * Starts the container. Since Supervisor 7, a lock does not prevent it. Supervisors 10.10.11 to 11.11.4 and 11.14.1 to
   * 12.2.10 cannot do it (`supervisor-error`): use `app().service(...)`. `POST /v1/apps/:appId/start`, since 1.8
   */
  start(options?: CallOptions): Promise<ContainerReceipt>;
  /**
   * Stops the container. Rejects with `locked` while it holds its update lock. Supervisors 10.10.11 to 11.11.4 cannot do it.
   * `POST /v1/apps/:appId/stop`, since 1.8
   */
  stop(options?: ForceOptions): Promise<ContainerReceipt>;
  /** Recreates the app's containers. Rejects with `locked` as above. `POST /v1/restart`, since 1.1 */
  restart(options?: ForceOptions): Promise<void>;
  /**
   * **Deletes the volumes of the app** with all their data, and recreates its containers. Rejects with `locked` as
   * above (since Supervisor 7). `POST /v1/purge`, since 1.1
   */
  purge(options?: ForceOptions): Promise<void>;
}

export function singleContainerAppOf(call: Call, appId: number): SingleContainerApp {
  const body = (options: ForceOptions): object => ({ appId, ...forceOf(options) });
  return {
    appId,
    read: async (options = {}) =>
      ofApp(endpoints.singleContainer, appId, [await call(endpoints.singleContainer, options, { appId })]),
    start: async (options = {}) => call(endpoints.startSingleContainer, options, { appId }),
    stop: async (options = {}) => call(endpoints.stopSingleContainer, options, { appId, body: forceOf(options) }),
    restart: async (options = {}) => call(endpoints.restartSingleContainer, options, { body: body(options) }),
    purge: async (options = {}) => call(endpoints.purgeSingleContainer, options, { body: body(options) }),
  };
}
