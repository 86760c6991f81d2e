import type { Fault } from './classify-answer.js';
import type { Endpoint } from '../endpoints/endpoint.js';
import type { Exchanged } from '../transport/exchange.js';
import { maxAnswerBytes } from '../transport/read-bounded.js';

/** What an exchange without a complete answer means. Pure. */
export function classifyConnection(
  { effect, silence }: Pick<Endpoint<unknown>, 'effect' | 'silence'>,
  exchanged: Exclude<Exchanged, { kind: 'answered' }>,
  timeoutMs: number,
): Fault {
  const doubt =
    effect === 'write'
      ? ' The Supervisor may have carried out the call anyway: check the state before you repeat it.'
      : '';
  switch (exchanged.kind) {
    case 'timed-out':
      return {
        code: 'timeout',
        what: `there was no complete answer within ${timeoutMs} ms.${silence === undefined ? '' : ` ${silence}`}${doubt}`,
        retryable: effect === 'read',
      };
    case 'too-large':
      return {
        code: 'unexpected-response',
        what: `the answer was longer than ${maxAnswerBytes} bytes.`,
        status: exchanged.status,
      };
    case 'failed': {
      const reason = reasonOf(exchanged.error);
      if (reason === BLOCKED_PORT) {
        return {
          code: 'not-configured',
          what: '`fetch` blocks the port of this address.',
          remedy: 'Use another port, or pass your own transport in the option `fetch`.',
        };
      }
      if (/^(?:HPE_|HTTPParserError$)/.test(reason))
        return { code: 'unexpected-response', what: 'the answer is not HTTP.' };
      const neverSent = neverSentWords.find(([pattern]) => pattern.test(reason));
      if (neverSent !== undefined) return { code: 'unreachable', what: neverSent[1], retryable: true };
      const what = noRoute.test(reason)
        ? `there is no route to the address (${reason}).`
        : `the connection failed before the answer was complete (${reason}).`;
      return { code: 'unreachable', what: `${what}${doubt}`, retryable: effect === 'read' };
    }
    default:
      return exchanged satisfies never;
  }
}

/** What it means that a stream was interrupted after the Supervisor had begun to send it. Pure. */
export function classifyBrokenStream(error: unknown): Fault {
  return {
    code: 'unreachable',
    what: `the stream was interrupted (${reasonOf(error)}).`,
    remedy:
      'Open it again. The Supervisor may have restarted, or the transport may have closed a stream that was idle for too long.',
    retryable: true,
  };
}

/** The Fetch standard forbids the ports of other protocols to browsers, and so to Node and Deno. */
const BLOCKED_PORT = 'BlockedPort';

/** Failures before anything of the request is sent, by their names in Node, Deno and Bun. */
const neverSentWords: readonly (readonly [RegExp, string])[] = [
  [/^(?:ECONNREFUSED|ConnectionRefused)$/, 'the connection was refused.'],
  [/^(?:ENOTFOUND|EAI_AGAIN|DNSException)/, 'the host name could not be resolved.'],
  [/^(?:NotConnected|UND_ERR_CONNECT_TIMEOUT)$/, 'the connection could not be established.'],
];

/** Failures of the network itself: they occur while a connection is established, but also on an established one. */
const noRoute = /^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/;

/**
 * A short name for why a transport failed: the innermost code, or else the innermost name of an error. Never a message:
 * a message may contain the URL, and the URL the key.
 */
function reasonOf(error: unknown): string {
  let code: string | undefined;
  let name: string | undefined;
  let current = error;
  for (let depth = 0; depth < 8 && typeof current === 'object' && current !== null; depth++) {
    // Deno's errors have no codes, only messages.
    if (messageMatches(current, /Connection refused/)) return 'ECONNREFUSED';
    // Node and Deno have no code for a blocked port either.
    if (messageMatches(current, /^bad port$|Requests to port \d+ are blocked/)) return BLOCKED_PORT;
    if (messageMatches(current, /client error \(Connect\)/)) return 'NotConnected';
    code = wordAt(current, 'code') ?? code;
    name = wordAt(current, 'name') ?? name;
    current = 'cause' in current ? current.cause : undefined;
  }
  return code ?? name ?? 'no reason given';
}

function wordAt(error: object, key: 'code' | 'name'): string | undefined {
  const value = key in error ? (error as Record<typeof key, unknown>)[key] : undefined;
  return typeof value === 'string' && /^[A-Za-z]\w{0,47}$/.test(value) ? value : undefined;
}

function messageMatches(error: object, pattern: RegExp): boolean {
  return 'message' in error && typeof error.message === 'string' && pattern.test(error.message);
}
