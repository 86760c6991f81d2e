import { endpointOf, type Endpoint } from '../endpoints/endpoint.js';
import { appRemedy } from '../errors/failure-words.js';
import type { SupervisorError } from '../errors/supervisor-error.js';
import { toSupervisorError } from '../errors/to-supervisor-error.js';

/**
 * Picks the requested app from an answer: not every Supervisor heeds the ID.
 *
 * @throws SupervisorError `not-found` if the answer is about other apps, or about none
 */
export function ofApp<Told extends { appId: number }>(
  endpoint: Endpoint<unknown>,
  appId: number,
  told: readonly Told[],
): Told {
  const found = told.find((app) => app.appId === appId);
  if (found === undefined) throw noSuchApp(endpoint, appId, told);
  return found;
}

function noSuchApp(endpoint: Endpoint<unknown>, appId: number, told: readonly { appId: number }[]): SupervisorError {
  const others = told.map((app) => app.appId).join(', ');
  const what = `the device has no app with this ID: the answer lists ${others === '' ? 'none' : `app ${others}`}.`;
  return toSupervisorError(
    { endpoint: endpointOf(endpoint, appId), key: undefined },
    { code: 'not-found', what, remedy: appRemedy, status: 200 },
  );
}
