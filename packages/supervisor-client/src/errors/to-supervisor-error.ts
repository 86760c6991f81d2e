import { redactKey } from './api-key.js';
import type { Fault } from './classify-answer.js';
import { nameOf, type Endpoint } from '../endpoints/endpoint.js';
import { SupervisorError, type SupervisorErrorCode, type SupervisorLock } from './supervisor-error.js';

export const labelAdvice =
  'A container gets the Supervisor\'s address and key if its service has the label `io.balena.features.supervisor-api: "1"` in docker-compose.yml.';

const maxSaidLength = 300;

export interface FaultyCall {
  endpoint: Pick<Endpoint<unknown>, 'method' | 'path' | 'since' | 'withoutForce'>;
  /** The key that was sent with it. */
  key: string | undefined;
  /** How often it was sent. @default 1 */
  attempts?: number;
}

/** Puts a fault into words: what happened, what the Supervisor said (without the key), what to do. */
export function toSupervisorError({ endpoint, key, attempts = 1 }: FaultyCall, fault: Fault): SupervisorError {
  const name = nameOf(endpoint);
  const { code, status, lock, retryable } = fault;
  const said = fault.said === undefined ? '' : ` It said: "${shorten(redactKey(fault.said, key))}".`;
  const tried = attempts === 1 ? '' : ` It was tried ${attempts} times.`;
  const remedy = remedyFor(fault, endpoint, key !== undefined);
  const message = `${name}: ${redactKey(fault.what, key)}${said}${tried} ${remedy}`;
  return new SupervisorError({ code, message, endpoint: name, status, lock, retryable });
}

function remedyFor(fault: Fault, { since, withoutForce }: FaultyCall['endpoint'], isKeySent: boolean): string {
  if (fault.remedy !== undefined) return fault.remedy;
  if (fault.lock === 'user-lock' && withoutForce) return 'Try again when the service has released its lock.';
  if (fault.lock !== undefined) return lockRemedies[fault.lock];
  if (fault.code === 'not-supported' && since !== undefined) return `It needs Supervisor ${since} or later.`;
  if (fault.code === 'unauthorized' && !isKeySent) {
    return `It asks for a key, and none was sent: give \`apiKey\`, and leave out \`withoutKey\`. ${labelAdvice}`;
  }
  if (fault.code === 'out-of-scope' && !isKeySent) return keylessRemedy;
  return remedies[fault.code];
}

const keylessRemedy =
  'No key was sent. In local and unmanaged mode Supervisors 11.14.4 to 12.2.0 reach no app at all: update the Supervisor.';

const lockRemedies: Readonly<Record<SupervisorLock, string>> = {
  'user-lock': 'Try again when the service has released its lock, or pass `force: true` to override it.',
  'supervisor-busy': 'Try again after ten seconds or more; `force` does not help.',
  'host-update': 'Try again when the update is done; do not force it.',
};

const remedies: Readonly<Record<SupervisorErrorCode, string>> = {
  'not-configured': labelAdvice,
  'api-key-missing': `${labelAdvice} Elsewhere give \`apiKey\`, or \`withoutKey: true\` for a Supervisor in local mode.`,
  'api-key-invalid': 'Nothing was sent.',
  unreachable: `Check that the Supervisor runs and that its address is right. ${labelAdvice}`,
  timeout:
    'The Supervisor or the container engine behind it is busy or hangs. Try again later, or allow more time by `timeoutMs`.',
  unauthorized:
    'The key is not valid, or no longer. A container keeps the key it was created with: if the key has changed, the container must be created anew.',
  'out-of-scope':
    'The key of a container reaches the app of that container only, whose ID is in BALENA_APP_ID. Ask for that app, or use a key of the other. In local and unmanaged mode Supervisors 11.14.4 to 12.2.0 reach no app at all.',
  locked: 'Try again later.',
  'bad-request': 'Change the request: sent again as it is, it fails again.',
  'not-found': 'Check the names and IDs of the call, and that a Supervisor answers at this address.',
  'not-supported': 'It needs a later Supervisor.',
  'supervisor-error': "The Supervisor's own log tells more (`journalctl -u balena-supervisor` on the host).",
  'unexpected-response':
    'Something other than a Supervisor may answer at this address (a proxy, a login page): check the address.',
};

function shorten(text: string): string {
  return text.length <= maxSaidLength ? text : `${text.slice(0, maxSaidLength)}…`;
}
