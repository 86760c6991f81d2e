import type { SupervisorErrorCode } from './supervisor-error.js';

export interface FailureWords {
  status: number;
  /** Of what the Supervisor said. */
  said: RegExp;
  code: SupervisorErrorCode;
  what: string;
  /** What to do, where it is something else than for every error of this code. */
  remedy?: string;
}

const appRemedy =
  'Check the app ID: a container finds that of its own app in BALENA_APP_ID. An app that was just moved to this device must be installed first.';
const noApp = { code: 'not-found', what: 'the device has no app of this ID.', remedy: appRemedy } as const;
const noService = {
  code: 'not-found',
  what: 'the device has no container of this service.',
  remedy:
    "Check the service's name, and that its app is installed. The key of an app sees the services of that app alone.",
} as const;
const malformed = { code: 'bad-request', what: 'the Supervisor could not read the request.' } as const;

/**
 * What an answer means whose status says too little: the Supervisor answers with 503 to whatever goes wrong where it did
 * not expect it, a client's mistakes with it.
 */
export const failureWords: readonly FailureWords[] = [
  { status: 400, said: /^App not found/i, ...noApp },
  { status: 400, said: /^Service (?:not found|does not exist)/i, ...noService },
  {
    status: 400,
    said: /single-container apps|app is multi-container/i,
    code: 'bad-request',
    what: 'the app has more than one service, and none was named.',
    remedy: 'Use `app().service(...)`, which names the service, instead of `singleContainerApp()`.',
  },
  {
    status: 400,
    said: /when device is in local mode/i,
    code: 'bad-request',
    what: 'the device is not in local mode.',
    remedy: 'Switch the device to local mode in the dashboard first.',
  },
  { status: 404, said: /^App not found/i, ...noApp },
  { status: 404, said: /^Service (?:not found|does not exist)/i, ...noService },
  {
    status: 409,
    said: /^Application ID does not exist/i,
    code: 'not-found',
    what: "the app is unknown to the device or out of the key's scope.",
    remedy: appRemedy,
  },
  { status: 503, said: /^Could not find service with that name/i, ...noService },
  { status: 503, said: /^Application with ID \S+ is not in the current state/i, ...noApp },
  // What a service action on an app that the device has not comes to: a defect of the Supervisor, in either wording.
  {
    status: 503,
    said: /Cannot read propert(?:ies of undefined \(reading 'volumes'|y 'volumes' of undefined)/,
    ...noApp,
  },
  {
    status: 503,
    said: /Cannot read propert(?:ies of null \(reading 'local'|y 'local' of null)/,
    code: 'supervisor-error',
    what: 'another restart or purge was under way.',
    remedy: 'Look at the state of the app before you ask again: the other one may have done what this one should.',
  },
  { status: 503, said: /^Unexpected (?:token|end|number|string|non-whitespace)\b.*\bJSON\b/, ...malformed },
  { status: 503, said: /\bin JSON at position \d+|\bis not valid JSON$/, ...malformed },
  { status: 503, said: /^unsupported (?:charset|content encoding)\b/i, ...malformed },
  { status: 503, said: /^request (?:entity too large|aborted|size did not match content length)/i, ...malformed },
  { status: 503, said: /^(?:too many parameters|Failed to decode param)\b/i, ...malformed },
  { status: 503, said: /must be a string without null bytes/i, ...malformed },
];
