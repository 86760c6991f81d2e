import type { AppState } from '../answers/app-state.js';
import type { CallOptions } from '../call/call-options.js';
import type { Call } from '../call/caller.js';
import { endpoints } from '../endpoints/endpoints.js';

/** The apps that the key gives access to. */
export interface Apps {
  /** Each app with its services and the status of its update. `GET /v2/applications/state`, since 7.12 */
  list(options?: CallOptions): Promise<AppState[]>;
}

export function appsOf(call: Call): Apps {
  return { list: async (options = {}) => call(endpoints.apps, options) };
}
