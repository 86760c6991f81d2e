import type { AppProgress } from '../answers/app-state.js';
import { forceOf, type CallOptions, type ForceOptions } from '../call/call-options.js';
import type { Call } from '../call/caller.js';
import { endpoints } from '../endpoints/endpoints.js';
import { ofApp } from './of-app.js';
import { serviceOf, type Service, type ServiceSelector } from './service.js';

/** An app with any number of services. */
export interface App {
  /** The app's ID, as in `BALENA_APP_ID`. */
  appId: number;
  /**
   * The app's images and their progress. Rejects with `not-found` also if the key gives no access to the app, or if the
   * answer is only about other apps, as Supervisors before 11.4.12 may send it.
   * `GET /v2/applications/:appId/state`, since 7.12
   */
  state(options?: CallOptions): Promise<AppProgress>;
  /**
   * Recreates all containers of the app; Supervisors 12.2.8 to 14.10.6 only restart them. Resolves when they run, so a
   * container that restarts its own app does not see it. Rejects with `locked` while a service holds an update lock. `POST /v2/applications/:appId/restart`, since 7.0
   */
  restart(options?: ForceOptions): Promise<void>;
  /**
   * **Deletes the volumes of the app** with all their data, and recreates its containers. Rejects with `locked` while a service holds an update lock. `POST /v2/applications/:appId/purge`, since 7.0
   */
  purge(options?: ForceOptions): Promise<void>;
  /** One service of the app, by its name or its image ID. */
  service(selector: ServiceSelector): Service;
}

export function appOf(call: Call, appId: number): App {
  return {
    appId,
    state: async (options = {}) => ofApp(endpoints.appState, appId, await call(endpoints.appState, options, { appId })),
    restart: async (options = {}) => call(endpoints.restartApp, options, { appId, body: forceOf(options) }),
    purge: async (options = {}) => call(endpoints.purgeApp, options, { appId, body: forceOf(options) }),
    service: (selector) => serviceOf(call, appId, selector),
  };
}
