import type { SupervisorErrorCode, SupervisorLock } from '@serve.zone/balena-supervisor-client';

/** What a failed call to the Supervisor is about. */
export interface FailedCall {
  /** Where the Supervisor listens, after "at" and a space; empty where that is not known. */
  at: string;
  /** Method and path of the call. */
  endpoint: string;
  /** What happened, in a clause with a full stop. */
  what: string;
  /** How long the Supervisor had for its answer. */
  time: string;
}

interface Words {
  message: (call: Readonly<FailedCall>) => string;
  remedy: string;
}

/** What gives a container the address and the key of its Supervisor. */
export const labelRemedy =
  "Give the service the label io.balena.features.supervisor-api: '1' in docker-compose.yml and deploy it again: the Supervisor then sets BALENA_SUPERVISOR_ADDRESS and BALENA_SUPERVISOR_API_KEY.";

function ofCall({ endpoint, what }: Readonly<FailedCall>): string {
  return `${endpoint}: ${what}`;
}

/** What can go wrong between a device and its Supervisor, in words for the operator of the device. */
export const supervisorProblems = {
  'not-configured': {
    message: () => 'BALENA_SUPERVISOR_ADDRESS is not set: this container has no access to a Supervisor.',
    remedy: labelRemedy,
  },
  'api-key-missing': {
    message: () => 'BALENA_SUPERVISOR_API_KEY is not set, so nothing was sent to the Supervisor.',
    remedy: labelRemedy,
  },
  'api-key-invalid': {
    message: () =>
      'BALENA_SUPERVISOR_API_KEY has characters that cannot be sent, so nothing was sent to the Supervisor.',
    remedy: 'Set BALENA_SUPERVISOR_API_KEY to the key as the Supervisor gives it, without spaces or line breaks.',
  },
  unauthorized: {
    message: () => 'The Supervisor rejected BALENA_SUPERVISOR_API_KEY.',
    remedy:
      'A container keeps the key it was created with. Restart the service from the host or the dashboard, so that it is recreated with the current key.',
  },
  'out-of-scope': {
    message: ofCall,
    remedy: 'The key of a container gives access to its own app only. Use that app.',
  },
  unreachable: {
    message: ({ at, what }) => `The Supervisor${at} cannot be reached: ${what}`,
    remedy:
      'Check on the host that the Supervisor runs (systemctl status balena-supervisor), and that BALENA_SUPERVISOR_ADDRESS is the address of this device.',
  },
  timeout: {
    message: ({ at, time }) => `The Supervisor${at} did not answer ${time}.`,
    remedy:
      'The Supervisor or the container engine is busy or hangs. If the problem persists, check journalctl -u balena-supervisor on the host.',
  },
  'user-lock': {
    message: () => 'An app holds its update lock, so it is not restarted now.',
    remedy: 'Wait until the app releases its update lock, or override it with --force.',
  },
  'supervisor-busy': {
    message: () => 'The Supervisor is busy with another operation.',
    remedy: 'Retry in ten seconds or more. --force does not help.',
  },
  'host-update': {
    message: () => 'The host OS is being updated.',
    remedy: 'Wait until the update of the host OS is done. Do not force it.',
  },
  locked: { message: ofCall, remedy: 'Retry later.' },
  'bad-request': {
    message: ofCall,
    remedy: 'The Supervisor rejects this request. Check that its version is supported.',
  },
  'not-found': {
    message: ofCall,
    remedy: 'Check that BALENA_SUPERVISOR_ADDRESS leads to a Supervisor and not to something else.',
  },
  'not-supported': {
    message: ofCall,
    remedy: 'Update the host OS, and the Supervisor with it: this version is too old for the call.',
  },
  'supervisor-error': {
    message: ofCall,
    remedy: 'Check journalctl -u balena-supervisor on the host.',
  },
  'unexpected-response': {
    message: ofCall,
    remedy: 'Check that BALENA_SUPERVISOR_ADDRESS leads to a Supervisor and not to a proxy or another service.',
  },
} as const satisfies Readonly<Record<SupervisorErrorCode | SupervisorLock, Words>>;
