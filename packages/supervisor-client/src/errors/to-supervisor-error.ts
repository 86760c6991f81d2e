import { redactKey } from './api-key.js';
import type { Fault } from './classify-answer.js';
import { nameOf, type Endpoint } from '../endpoints/endpoint.js';
import { SupervisorError, type SupervisorErrorCode, type SupervisorLock } from './supervisor-error.js';

export const labelAdvice =
  'The Supervisor passes its address and key to a container whose service has the label `io.balena.features.supervisor-api: "1"` in docker-compose.yml.';

const maxSaidLength = 300;

export interface FaultyCall {
  endpoint: Pick<Endpoint<unknown>, 'method' | 'path' | 'since' | 'withoutForce'>;
  /** The key that was sent with the call. */
  key: string | undefined;
  /** The number of attempts. @default 1 */
  attempts?: number;
}

/** Makes the error of a fault: what happened, what the Supervisor said (without the key), and what to do. */
export function toSupervisorError({ endpoint, key, attempts = 1 }: FaultyCall, fault: Fault): SupervisorError {
  const name = nameOf(endpoint);
  const { code, status, lock, retryable } = fault;
  const said = fault.said === undefined ? '' : ` The Supervisor said: "${shorten(redactKey(fault.said, key))}".`;
  const tried = attempts === 1 ? '' : ` The client tried ${attempts} times.`;
  const remedy = remedyFor(fault, endpoint, key !== undefined);
  const what = `${redactKey(fault.what, key)}${said}${tried}`;
  const message = `${name}: ${what} ${remedy}`;
  return new SupervisorError({ code, message, what, remedy, endpoint: name, status, lock, retryable });
}

function remedyFor(fault: Fault, { since, withoutForce }: FaultyCall['endpoint'], isKeySent: boolean): string {
  if (fault.remedy !== undefined) return fault.remedy;
  if (fault.lock === 'user-lock' && withoutForce) return 'Try again when the service has released its lock.';
  if (fault.lock !== undefined) return lockRemedies[fault.lock];
  if (fault.code === 'not-supported' && since !== undefined) return `It needs Supervisor ${since} or later.`;
  if (fault.code === 'unauthorized' && !isKeySent) {
    return `The Supervisor requires a key, and none was sent: set \`apiKey\`, and remove \`withoutKey\`. ${labelAdvice}`;
  }
  if (fault.code === 'out-of-scope' && !isKeySent) return keylessRemedy;
  return remedies[fault.code];
}

const keylessRemedy =
  'No key was sent. In local and unmanaged mode, Supervisors 11.14.4 to 12.2.0 give access to no app: update the Supervisor.';

const lockRemedies: Readonly<Record<SupervisorLock, string>> = {
  'user-lock': 'Try again when the service has released its lock, or pass `force: true` to override it.',
  'supervisor-busy': 'Try again in ten seconds or more; `force` does not help.',
  'host-update': 'Try again when the update is complete; do not use `force`.',
};

const remedies: Readonly<Record<SupervisorErrorCode, string>> = {
  'not-configured': labelAdvice,
  'api-key-missing': `${labelAdvice} Elsewhere, set \`apiKey\`, or \`withoutKey: true\` for a Supervisor in local mode.`,
  'api-key-invalid': 'Nothing was sent.',
  unreachable: `Check that the Supervisor is running and that its address is correct. ${labelAdvice}`,
  timeout: 'The Supervisor or the container engine is busy or hung. Try again later, or set a longer `timeoutMs`.',
  unauthorized:
    'The key is invalid, or no longer valid. A container keeps the key that it was created with: if the key has changed, recreate the container.',
  'out-of-scope':
    'The key of a container gives access only to the app in its BALENA_APP_ID. Use that app, or a key of the other one. In local and unmanaged mode, Supervisors 11.14.4 to 12.2.0 give access to no app.',
  locked: 'Try again later.',
  'bad-request': 'Correct the request before you send it again.',
  'not-found': 'Check the names and IDs in the call, and that a Supervisor answers at this address.',
  'not-supported': 'Update the Supervisor.',
  'supervisor-error': "Check the Supervisor's log (`journalctl -u balena-supervisor` on the host).",
  'unexpected-response':
    'Check the address: something other than a Supervisor may be answering there, such as a proxy or a login page.',
};

function shorten(text: string): string {
  return text.length <= maxSaidLength ? text : `${text.slice(0, maxSaidLength)}…`;
}
