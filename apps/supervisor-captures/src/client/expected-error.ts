import { jsonOf } from '../compare/compare-outcomes.js';
import type { RecordedAnswer, RecordedOutcome, RecordedRequest } from '../recordings/recording.js';

/** The error that a caller of the client must get if the recorded outcome is a failure. */
export interface ExpectedError {
  code: string;
  lock?: 'user-lock' | 'supervisor-busy' | 'host-update';
  status?: number;
  /** Only where it is certain whether the same request may be sent again. */
  retryable?: boolean;
}

/**
 * The error that the recorded outcome means, by rules that do not look at the client; the first that applies.
 * An answer without a rule is not a failure.
 */
export function expectedError(
  outcome: RecordedOutcome,
  { method, path }: Pick<RecordedRequest, 'method' | 'path'>,
): ExpectedError | undefined {
  if (outcome.kind === 'answer') {
    const rule = rules.find(({ applies }) => applies(outcome));
    return rule && { ...rule.means, status: outcome.status };
  }
  // Nothing was sent on a refused connection. Otherwise, the request may have been carried out.
  if (outcome.reason === 'refused') return { code: 'unreachable', retryable: true };
  const isRead = (method === 'GET' || method === 'HEAD') && !/^\/v2\/cleanup-volumes/i.test(path);
  const code = outcome.reason === 'timeout' ? 'timeout' : 'unreachable';
  return isRead ? { code } : { code, retryable: false };
}

interface ErrorRule {
  applies: (answer: RecordedAnswer) => boolean;
  means: Omit<ExpectedError, 'status'>;
}

const mistaken = { code: 'bad-request', retryable: false } as const;
const unknown = { code: 'not-found', retryable: false } as const;

/** The Supervisor's words for what is not there, under whatever status. */
const notThere =
  /^App not found|^Service not found|does not exist|Could not find service|is not in the current state|reading 'volumes'/;

/** Its words for a request that it could not read. */
const unreadable = /\bJSON\b|charset|content encoding|too large|too many parameters|decode param|null bytes/;

const rules: readonly ErrorRule[] = [
  // The key itself is refused as plain text; an app beyond its reach in the words of a route.
  { applies: status(401, /^/, /^text\/plain/), means: { code: 'unauthorized', retryable: false } },
  { applies: status(401), means: { code: 'out-of-scope', retryable: false } },
  { applies: status(400, notThere), means: unknown },
  { applies: status(400), means: mistaken },
  { applies: status(404, /Cannot [A-Z]+ \//, /^text\/html/), means: { code: 'not-supported', retryable: false } },
  { applies: status(404), means: unknown },
  { applies: status(409), means: unknown },
  { applies: status(423, /Host OS update/), means: { code: 'locked', lock: 'host-update' } },
  { applies: status(423, /another supervisor operation/), means: { code: 'locked', lock: 'supervisor-busy' } },
  { applies: status(423, /Lockfile exists/), means: { code: 'locked', lock: 'user-lock' } },
  { applies: status(503, notThere), means: unknown },
  { applies: status(503, unreadable), means: mistaken },
  { applies: (answer) => answer.status === 502 || answer.status === 504, means: { code: 'supervisor-error' } },
  { applies: (answer) => answer.status >= 500, means: { code: 'supervisor-error', retryable: false } },
  { applies: (answer) => answer.status >= 300, means: { code: 'unexpected-response', retryable: false } },
];

function status(code: number, words = /^/, contentType = /^/): ErrorRule['applies'] {
  return (answer) => answer.status === code && words.test(saidBy(answer)) && contentType.test(answer.contentType ?? '');
}

/** The words of an answer, from either envelope. */
function saidBy(answer: RecordedAnswer): string {
  const { message, Error: error } = (jsonOf(answer) ?? {}) as { message?: string; Error?: string };
  return message ?? error ?? answer.body;
}
