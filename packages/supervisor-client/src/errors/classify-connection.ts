import type { Fault } from './classify-answer.js';
import type { Endpoint } from '../endpoints/endpoint.js';
import type { Exchanged } from '../transport/exchange.js';
import { maxAnswerBytes } from '../transport/read-bounded.js';

/** What an exchange without a whole answer means. Pure. */
export function classifyConnection(
  { effect, silence }: Pick<Endpoint<unknown>, 'effect' | 'silence'>,
  exchanged: Exclude<Exchanged, { kind: 'answered' }>,
  timeoutMs: number,
): Fault {
  const doubt = effect === 'write' ? ' It may have been carried out all the same: look at the state first.' : '';
  switch (exchanged.kind) {
    case 'timed-out':
      return {
        code: 'timeout',
        what: `no whole answer came within ${timeoutMs} ms.${silence === undefined ? '' : ` ${silence}`}${doubt}`,
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
          what: '`fetch` sends nothing to the port of this address.',
          remedy: 'Use another port, or a transport of your own in the option `fetch`.',
        };
      }
      if (/^(?:HPE_|HTTPParserError$)/.test(reason))
        return { code: 'unexpected-response', what: 'what came back is not HTTP.' };
      const neverSent = neverSentWords.find(([pattern]) => pattern.test(reason));
      if (neverSent !== undefined) return { code: 'unreachable', what: neverSent[1], retryable: true };
      const what = noRoute.test(reason)
        ? `there is no route to the address (${reason}).`
        : `the connection failed before the answer was whole (${reason}).`;
      return { code: 'unreachable', what: `${what}${doubt}`, retryable: effect === 'read' };
    }
    default:
      return exchanged satisfies never;
  }
}

/** What it means that a body broke off after the Supervisor had begun to send it. Pure. */
export function classifyBrokenStream(error: unknown): Fault {
  return {
    code: 'unreachable',
    what: `the stream broke off (${reasonOf(error)}).`,
    remedy:
      'Open it again: the Supervisor may have been restarted, or the transport gave up a stream that was silent long.',
    retryable: true,
  };
}

/** The Fetch standard keeps browsers, and Node and Deno with them, from the ports of other protocols. */
const BLOCKED_PORT = 'BlockedPort';

/** Failures that come before anything of the request is sent, by the names Node, Deno and Bun give them. */
const neverSentWords: readonly (readonly [RegExp, string])[] = [
  [/^(?:ECONNREFUSED|ConnectionRefused)$/, 'the connection was refused.'],
  [/^(?:ENOTFOUND|EAI_AGAIN|DNSException)/, 'the host name of the address is not known.'],
  [/^(?:NotConnected|UND_ERR_CONNECT_TIMEOUT)$/, 'no connection could be made.'],
];

/** The network's own failures: they come while a connection is made, but also on one that has been used. */
const noRoute = /^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/;

/**
 * A short name of why a transport failed: the innermost code, or else the innermost name of an error. Never a message:
 * that may hold the URL, and the URL the key.
 */
function reasonOf(error: unknown): string {
  let code: string | undefined;
  let name: string | undefined;
  let current = error;
  for (let depth = 0; depth < 8 && typeof current === 'object' && current !== null; depth++) {
    // Deno has no codes: its words stand in the message alone.
    if (messageMatches(current, /Connection refused/)) return 'ECONNREFUSED';
    // Nor have Node and Deno for a port that they refuse.
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
