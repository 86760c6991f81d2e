import { isSupervisorError, type SupervisorErrorCode, type SupervisorLock } from '@serve.zone/balena-supervisor-client';

/** A failed call, as a command prints it. */
export interface DescribedError {
  code: SupervisorErrorCode;
  lock?: SupervisorLock;
  message: string;
  /** What the operator of the device can do. */
  remedy: string;
}

/** @throws what is no SupervisorError: a defect, which is not the Supervisor's. */
export function describeSupervisorError(error: unknown): DescribedError {
  if (!isSupervisorError(error)) throw error;
  const { code, lock, endpoint } = error;
  const words = lock === undefined ? ownWords[code] : lockWords[lock];
  const doubt = code === 'timeout' && endpoint?.startsWith('POST') ? ' It may still do what it was asked for.' : '';
  return {
    code,
    ...(lock === undefined ? {} : { lock }),
    message: words === undefined ? error.message : `${endpoint ?? 'The Supervisor'}: ${words}${doubt}`,
    remedy: lock === undefined ? remedies[code] : lockRemedies[lock],
  };
}

/** Where the client's words are for who writes a program with it. The others tell what happened. */
const ownWords: Readonly<Partial<Record<SupervisorErrorCode, string>>> = {
  'api-key-missing': 'the Supervisor asks for its key, and BALENA_SUPERVISOR_API_KEY is not set. Nothing was sent.',
  timeout: 'the Supervisor gave no whole answer in time.',
  unauthorized: 'the Supervisor did not accept the key in BALENA_SUPERVISOR_API_KEY.',
};

const lockWords: Readonly<Record<SupervisorLock, string>> = {
  'user-lock': 'an app holds its update lock, so that nothing restarts it now.',
  'supervisor-busy': 'the Supervisor is at another operation.',
  'host-update': 'the host OS is being updated.',
};

const label = "io.balena.features.supervisor-api: '1'";

export const labelRemedy = `Give the service the label ${label} in docker-compose.yml and deploy it again: the Supervisor then sets BALENA_SUPERVISOR_ADDRESS and BALENA_SUPERVISOR_API_KEY.`;

const remedies: Readonly<Record<SupervisorErrorCode, string>> = {
  'not-configured': labelRemedy,
  'api-key-missing': labelRemedy,
  'api-key-invalid':
    'Set BALENA_SUPERVISOR_API_KEY to the key as the Supervisor gives it, without blanks or line breaks.',
  unreachable:
    'Check on the host that the Supervisor runs (systemctl status balena-supervisor), and that BALENA_SUPERVISOR_ADDRESS is the one of this device.',
  timeout:
    'The Supervisor or the container engine is busy or hangs: try again, then look at journalctl -u balena-supervisor on the host.',
  unauthorized:
    'A container keeps the key it was created with. Restart the service from the host or the dashboard so that it is created anew with the present key.',
  'out-of-scope': 'Ask for an app that the key is for: that of a container reaches its own app only.',
  locked: 'Try again later.',
  'bad-request': 'The Supervisor does not take this request: check that its version is supported.',
  'not-found': 'Check that BALENA_SUPERVISOR_ADDRESS leads to a Supervisor and not to something else.',
  'not-supported': 'Update the host OS, and the Supervisor with it: this one is too old for the call.',
  'supervisor-error': 'Look at journalctl -u balena-supervisor on the host.',
  'unexpected-response':
    'Check that BALENA_SUPERVISOR_ADDRESS leads to a Supervisor and not to a proxy or another service.',
};

const lockRemedies: Readonly<Record<SupervisorLock, string>> = {
  'user-lock': 'Wait until the app releases its update lock, or override it with --force.',
  'supervisor-busy': 'Another operation is under way: try again in ten seconds or more. --force does not help.',
  'host-update': 'Wait until the update of the host OS is done. Do not force it.',
};
