import type { Endpoint } from '../endpoints/endpoint.js';
import type { SupervisorErrorCode, SupervisorLock } from './supervisor-error.js';

/** What an answer means that says more than its status. */
export interface FailureMeaning {
  code: SupervisorErrorCode;
  what: string;
  lock?: SupervisorLock;
  /** What to do, where it is something else than for every error of this code. */
  remedy?: string;
}

interface FailureWords extends FailureMeaning {
  statuses: readonly number[];
  /** Of what the Supervisor said. */
  said: RegExp;
  /** Where the same words mean something else at another endpoint: the paths at which they mean this. */
  path?: RegExp;
}

/** The meaning of the Supervisor's words; `undefined` if the status says all that there is to say. Pure. */
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
  'Check the app ID: a container finds that of its own app in BALENA_APP_ID. An app that was just moved to this device must be installed first.';
const noApp = { code: 'not-found', what: 'the device has no app of this ID.', remedy: appRemedy } as const;
const noService = {
  code: 'not-found',
  what: 'the device has no container of this service.',
  remedy:
    "Check the service's name, and that its app is installed. The key of an app sees the services of that app alone.",
} as const;
const untakenLock = {
  code: 'supervisor-error',
  what: 'the Supervisor could not take the update locks of the app.',
  remedy: 'Look at the disk of the device: nobody holds the lock, and `force` does not help.',
} as const;
const malformed = { code: 'bad-request', what: 'the Supervisor could not read the request.' } as const;

/** What a Supervisor says that reads a member of what is not there, in the words of its Node. */
function readsFrom(nothing: 'undefined' | 'null', member: string): RegExp {
  return new RegExp(`Cannot read propert(?:ies of ${nothing} \\(reading '${member}'|y '${member}' of ${nothing})`);
}

/**
 * Each Supervisor's own words. Its status often tells too little: it answers with 503 to whatever goes wrong where it did not
 * expect it, a client's mistakes with it, and before 12.2.11 locks, too.
 */
const failureWords: readonly FailureWords[] = [
  // With the same words Supervisors before 14.0.1 tell any failure of taking a lock. Bare, they are about one with a 423 alone.
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
    what: "the app is unknown to the device or out of the key's scope.",
    remedy: appRemedy,
  },
  // What a call comes to that names an app which the device has not: defects of Supervisors.
  { statuses: [503], said: readsFrom('undefined', 'volumes'), ...noApp },
  { statuses: [503], said: readsFrom('undefined', 'services'), path: /\/restart\/?$/i, ...noApp },
  {
    statuses: [503],
    said: readsFrom('undefined', 'services'),
    path: /^\/v1\/apps\//i,
    code: 'supervisor-error',
    what: 'the Supervisor has a defect that keeps it from starting or stopping an app by this call (10.10.11 to 11.11.4).',
    remedy: 'Use `app().service(...)` instead of `singleContainerApp()`.',
  },
  {
    statuses: [503],
    said: readsFrom('null', 'local'),
    code: 'supervisor-error',
    what: 'another restart or purge was under way.',
    remedy: 'Look at the state of the app before you ask again: the other one may have done what this one should.',
  },

  {
    statuses: [400],
    said: /single-container apps|app is multi-container/i,
    code: 'bad-request',
    what: 'the app has more than one service, and none was named.',
    remedy: 'Use `app().service(...)`, which names the service, instead of `singleContainerApp()`.',
  },
  {
    statuses: [400],
    said: /when (?:device is )?in local mode/i,
    code: 'bad-request',
    what: 'the device is not in local mode.',
    remedy: 'Switch the device to local mode in the dashboard first.',
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

  // Supervisors 9.0.0 to 9.2.8 compare what is not there with their key.
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
      "If it is older than 1.14, it takes the key in the URL alone: `apiKeyIn: 'query'`. Otherwise see its own log.",
  },
  {
    statuses: [503],
    said: /^Could not find an appId/i,
    code: 'supervisor-error',
    what: 'this Supervisor (12.11.34 to 14.0.8) changes the configuration of the host only where an app is installed.',
    remedy: 'Install an app first, or update the Supervisor.',
  },
  {
    statuses: [405],
    said: /scoped to multiple applications/i,
    code: 'unexpected-response',
    what: 'this Supervisor (12.2.0 to 12.2.2) does not tell this of a device with several apps.',
    remedy: 'Update the Supervisor, or ask for each app by `app(id).state()`.',
  },
];
