import type { Endpoint } from '../endpoints/endpoint.js';
import { meaningOf } from './failure-words.js';
import { parseJson, type Answer } from '../answers/read-answer.js';
import type { SupervisorErrorCode, SupervisorLock } from './supervisor-error.js';

/** What went wrong, before secrets are removed and it becomes an error. */
export interface Fault {
  code: SupervisorErrorCode;
  what: string;
  /** What the Supervisor said. */
  said?: string | undefined;
  /** What to do, if it differs from the usual remedy for this code. */
  remedy?: string | undefined;
  status?: number;
  lock?: SupervisorLock;
  retryable?: boolean;
}

export type Classified<Result> = { ok: true; value: Result } | { ok: false; fault: Fault };

/**
 * What an answer means. Decides by status and body: the Supervisor's content types are often wrong, and matter only if
 * nothing else distinguishes two answers. Total and pure.
 */
export function classifyAnswer<Result>(endpoint: Endpoint<Result>, answer: Answer): Classified<Result> {
  const { status } = answer;
  const read = endpoint.answers[status] ?? (status >= 200 && status <= 299 ? endpoint.answers['2xx'] : undefined);
  if (read === undefined) return { ok: false, fault: { ...classifyFailure(endpoint, answer), status } };
  const result = read(answer);
  return result.ok
    ? result
    : {
        ok: false,
        fault: { code: 'unexpected-response', what: `the answer had status ${status} and ${result.problem}.`, status },
      };
}

function classifyFailure(
  endpoint: Pick<Endpoint<unknown>, 'path' | 'effect' | 'needsCloud'>,
  { status, contentType, body }: Answer,
): Fault {
  const text = new TextDecoder().decode(body);
  const said = whatWasSaid(text);
  const meaning = meaningOf(endpoint, status, said ?? '');
  if (meaning !== undefined) {
    const { code, lock, what, remedy } = meaning;
    return { code, what, said, remedy, ...(lock !== undefined && { lock, retryable: true }) };
  }
  switch (status) {
    case 400:
      return { code: 'bad-request', what: 'the Supervisor rejected the request as invalid.', said };
    case 401:
      return isScopeRefusal(text, contentType)
        ? { code: 'out-of-scope', what: 'the request has no access to this app.' }
        : { code: 'unauthorized', what: 'the Supervisor denied access.' };
    case 404:
      return /Cannot [A-Z]+ \//.test(text)
        ? { code: 'not-supported', what: 'this Supervisor has no such endpoint.' }
        : { code: 'not-found', what: 'the Supervisor found nothing of this name or ID.', said };
    case 502:
    case 504:
      return {
        code: 'supervisor-error',
        what: `the proxy in front of the Supervisor could not reach it (status ${status}).`,
        said,
        retryable: endpoint.effect === 'read',
      };
    default:
      return status >= 500 && status <= 599 ? failed(endpoint, status, said) : unexpected(status);
  }
}

/**
 * The check of the key answers in plain text. The endpoints that check the app of a key answer in JSON, and two of them in
 * text that is declared as HTML.
 */
function isScopeRefusal(text: string, contentType: string | undefined): boolean {
  const message = textAt(parseJson(text), 'message');
  if (message !== undefined) return /^(?:Unauthorized|Application is not available)$/i.test(message);
  return text.trim() === 'Unauthorized' && /^text\/html\b/i.test(contentType ?? '');
}

function failed(
  { needsCloud }: Pick<Endpoint<unknown>, 'needsCloud'>,
  status: number,
  said: string | undefined,
): Fault {
  return needsCloud === true
    ? {
        code: 'supervisor-error',
        what: `the Supervisor could not get this from balena's cloud (status ${status}).`,
        said,
        remedy: 'This call needs the cloud. Try again when the device is online; in unmanaged mode it never works.',
      }
    : { code: 'supervisor-error', what: `the Supervisor failed (status ${status}).`, said };
}

function unexpected(status: number): Fault {
  const what = redirectStatuses.has(status)
    ? `the answer was a redirect (status ${status}), which the client does not follow.`
    : `the answer had the unexpected status ${status}.`;
  return { code: 'unexpected-response', what };
}

/** A browser's fetch shows a redirect that it must not follow as status 0. */
const redirectStatuses: ReadonlySet<number> = new Set([0, 301, 302, 303, 307, 308]);

/** From `{status, message}`, `{Data, Error}` or plain text, depending on the endpoint. An HTML page says nothing. */
function whatWasSaid(text: string): string | undefined {
  const json = parseJson(text);
  const said = json === undefined ? plainText(text) : (textAt(json, 'message') ?? textAt(json, 'Error'));
  // With control characters, an answer could forge lines of a log.
  const line = said?.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line === '' ? undefined : line;
}

function plainText(text: string): string | undefined {
  return /^\s*[<{[]/.test(text) ? undefined : text;
}

function textAt(json: unknown, key: string): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const value: unknown = Object.entries(json).find(([name]) => name === key)?.[1];
  return typeof value === 'string' ? value : undefined;
}
