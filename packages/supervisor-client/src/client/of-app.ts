import { endpointOf, type Endpoint } from '../endpoints/endpoint.js';
import { appRemedy } from '../errors/failure-words.js';
import type { SupervisorError } from '../errors/supervisor-error.js';
import { toSupervisorError } from '../errors/to-supervisor-error.js';

/**
 * Of what an answer tells, that of the app that was asked for: not every Supervisor looks at the ID.
 *
 * @throws SupervisorError `not-found` if the answer tells of others, or of none
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
  const what = `the device has no app of this ID: the answer tells of ${others === '' ? 'none' : `app ${others}`}.`;
  return toSupervisorError(
    { endpoint: endpointOf(endpoint, appId), key: undefined },
    { code: 'not-found', what, remedy: appRemedy, status: 200 },
  );
}
