import type { Endpoint } from '../endpoints/endpoint.js';
import type { SupervisorErrorCode, SupervisorLock } from './supervisor-error.js';

/** The meaning of an answer whose text says more than its status. */
export interface FailureMeaning {
  code: SupervisorErrorCode;
  what: string;
  lock?: SupervisorLock;
  /** What to do, if it differs from the usual remedy for this code. */
  remedy?: string;
}

interface FailureWords extends FailureMeaning {
  statuses: readonly number[];
  /** Matches what the Supervisor said. */
  said: RegExp;
  /** The paths at which the words mean this, if they mean something else at others. */
  path?: RegExp;
}

/** The meaning of the Supervisor's words; `undefined` if the status says it all. Pure. */
export function meaningOf(
  { path }: Pick<Endpoint<unknown>, 'path'>,
  status: number,
  said: string,
): FailureMeaning | undefined {
  return failureWords.find(
    (words) => words.statuses.includes(status) && words.said.test(said) && (words.path?.test(path) ?? true),
  );
}

export const appRemedy =
  'Check the app ID: BALENA_APP_ID holds the ID of the app that a container belongs to. An app that was just moved to this device must be installed first.';
const noApp = { code: 'not-found', what: 'the device has no app with this ID.', remedy: appRemedy } as const;
const noService = {
  code: 'not-found',
  what: 'the device has no container of this service.',
  remedy:
    'Check the service name, and that the app is installed. The key of an app gives access to its own services only.',
} as const;
const untakenLock = {
  code: 'supervisor-error',
  what: 'the Supervisor could not take the update locks of the app.',
  remedy: 'Check the disk of the device. Nobody holds the lock, so `force` does not help.',
} as const;
const malformed = { code: 'bad-request', what: 'the Supervisor could not read the request.' } as const;

/** How the Supervisor's Node words an access to a member of something that does not exist. */
function readsFrom(nothing: 'undefined' | 'null', member: string): RegExp {
  return new RegExp(`Cannot read propert(?:ies of ${nothing} \\(reading '${member}'|y '${member}' of ${nothing})`);
}

/**
 * The words of all Supervisors. The status often says too little: a Supervisor answers 503 to everything that goes wrong
 * unexpectedly, including mistakes of the client and, before 12.2.11, locks.
 */
const failureWords: readonly FailureWords[] = [
  // Supervisors before 14.0.1 report any failure to take a lock in these words. Without them, only a 423 is about a lock.
  { statuses: [423, 503], said: /^Updates are locked: E(?!EXIST\b)[A-Z]{2,}\b/, ...untakenLock },
  { statuses: [423], said: /^E(?!EXIST\b)[A-Z]{2,}\b/, ...untakenLock },
  {
    statuses: [423, 503],
    said: /^Waiting for Host OS update/i,
    code: 'locked',
    lock: 'host-update',
    what: 'the host OS is being updated.',
  },
  {
    statuses: [423, 503],
    said: /^Locks for app\b.*\bheld by another supervisor operation/i,
    code: 'locked',
    lock: 'supervisor-busy',
    what: 'another operation of the Supervisor holds the locks.',
  },
  {
    statuses: [423, 503],
    said: /^(?:Updates are locked\b|Lockfile exists\b|EEXIST\b.*\bupdates\.lock\b)/i,
    code: 'locked',
    lock: 'user-lock',
    what: 'a service holds its update lock.',
  },
  { statuses: [423], said: /^/, code: 'locked', lock: 'user-lock', what: 'a service holds its update lock.' },

  { statuses: [400, 404, 503], said: /^App not found(?! after\b)/i, ...noApp },
  { statuses: [400, 404], said: /^Service (?:not found|does not exist)/i, ...noService },
  { statuses: [400], said: /^No services on app/i, ...noService },
  { statuses: [503], said: /^Could not find service with that name/i, ...noService },
  { statuses: [503], said: /^Application with ID \S+ is not in the current state/i, ...noApp },
  {
    statuses: [409],
    said: /^Application ID does not exist/i,
    code: 'not-found',
    what: 'the device has no such app, or the key gives no access to it.',
    remedy: appRemedy,
  },
  // Defects of Supervisors: the results of calls to an app that the device does not have.
  { statuses: [503], said: readsFrom('undefined', 'volumes'), ...noApp },
  { statuses: [503], said: readsFrom('undefined', 'services'), path: /\/restart\/?$/i, ...noApp },
  {
    statuses: [503],
    said: readsFrom('undefined', 'services'),
    path: /^\/v1\/apps\//i,
    code: 'supervisor-error',
    what: 'a defect of this Supervisor (10.10.11 to 11.11.4) prevents this call from starting or stopping an app.',
    remedy: 'Use `app().service(...)` instead of `singleContainerApp()`.',
  },
  {
    statuses: [503],
    said: readsFrom('null', 'local'),
    code: 'supervisor-error',
    what: 'another restart or purge was in progress.',
    remedy: 'Check the state of the app before you retry: the other call may have had the same effect.',
  },

  {
    statuses: [400],
    said: /single-container apps|app is multi-container/i,
    code: 'bad-request',
    what: 'the app has more than one service, and the call names none.',
    remedy: 'Use `app().service(...)` instead of `singleContainerApp()`.',
  },
  {
    statuses: [400],
    said: /when (?:device is )?in local mode/i,
    code: 'bad-request',
    what: 'the device is not in local mode.',
    remedy: 'Enable local mode in the dashboard first.',
  },
  {
    statuses: [503],
    said: /^This endpoint requires one of\b/i,
    code: 'bad-request',
    what: 'the request names no service.',
  },
  { statuses: [503], said: /^Unexpected (?:token|end|number|string|non-whitespace)\b.*\bJSON\b/, ...malformed },
  { statuses: [503], said: /\bin JSON at position \d+|\bis not valid JSON$/, ...malformed },
  { statuses: [503], said: /^unsupported (?:charset|content encoding)\b/i, ...malformed },
  { statuses: [503], said: /^request (?:entity too large|aborted|size did not match content length)/i, ...malformed },
  { statuses: [503], said: /^(?:too many parameters|Failed to decode param)\b/i, ...malformed },
  { statuses: [503], said: /must be a string without null bytes/i, ...malformed },

  // Supervisors 9.0.0 to 9.2.8 compare a missing key with their own.
  {
    statuses: [503],
    said: /^Unexpected error: TypeError\b(?!.*(?:Cannot read|is not a function))/,
    code: 'unauthorized',
    what: 'the Supervisor found no key in the request.',
  },
  {
    statuses: [503],
    said: /^Invalid API key in supervisor/i,
    code: 'supervisor-error',
    what: 'the Supervisor could not check the key.',
    remedy:
      "A Supervisor before 1.14 accepts the key only in the URL: set `apiKeyIn: 'query'`. Otherwise check the Supervisor's log.",
  },
  {
    statuses: [503],
    said: /^Could not find an appId/i,
    code: 'supervisor-error',
    what: 'this Supervisor (12.11.34 to 14.0.8) changes the host configuration only if an app is installed.',
    remedy: 'Install an app first, or update the Supervisor.',
  },
  {
    statuses: [405],
    said: /scoped to multiple applications/i,
    code: 'unexpected-response',
    what: 'this Supervisor (12.2.0 to 12.2.2) cannot answer this call on a device with several apps.',
    remedy: 'Update the Supervisor, or call `app(id).state()` for each app.',
  },
];
