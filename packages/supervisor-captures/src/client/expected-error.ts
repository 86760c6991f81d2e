import type { RecordedAnswer, RecordedOutcome } from '../recording.js';

/** What a caller of the client has to be told, if the recorded outcome is a failure. */
export interface ExpectedError {
  readonly code: string;
  readonly lock?: 'user-lock' | 'supervisor-busy' | 'host-update';
  readonly status?: number;
}

/**
 * The error that the recorded outcome means, by rules that do not look at the client; the first that applies.
 * An answer without a rule is no failure by itself.
 */
export function expectedError(outcome: RecordedOutcome): ExpectedError | undefined {
  if (outcome.kind === 'no-answer') return { code: outcome.reason === 'timeout' ? 'timeout' : 'unreachable' };
  const rule = rules.find(({ applies }) => applies(outcome));
  return rule && { ...rule.means, status: outcome.status };
}

interface ErrorRule {
  readonly applies: (answer: RecordedAnswer) => boolean;
  readonly means: Omit<ExpectedError, 'status'>;
}

const rules: readonly ErrorRule[] = [
  // The key itself is refused as plain text; an app beyond its reach in the words of a route.
  { applies: status(401, /^text\/plain/), means: { code: 'unauthorized' } },
  { applies: status(401), means: { code: 'out-of-scope' } },
  { applies: status(400), means: { code: 'bad-request' } },
  { applies: status(404, /^text\/html/, /<pre>Cannot [A-Z]+ /), means: { code: 'not-supported' } },
  { applies: status(404), means: { code: 'not-found' } },
  { applies: status(409), means: { code: 'not-found' } },
  { applies: status(423, /./, /Host OS update/), means: { code: 'locked', lock: 'host-update' } },
  { applies: status(423, /./, /another supervisor operation/), means: { code: 'locked', lock: 'supervisor-busy' } },
  { applies: status(423, /./, /Lockfile exists/), means: { code: 'locked', lock: 'user-lock' } },
  { applies: ({ status: code }) => code >= 500, means: { code: 'supervisor-error' } },
  { applies: ({ status: code }) => code >= 300, means: { code: 'unexpected-response' } },
];

function status(code: number, contentType = /^/, words = /^/): ErrorRule['applies'] {
  return (answer) => answer.status === code && contentType.test(answer.contentType ?? '') && words.test(answer.body);
}
