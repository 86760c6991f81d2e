import type { Endpoint } from './endpoints.js';
import { parseJson } from './read-answer.js';
import type { SupervisorErrorCode, SupervisorLock } from './supervisor-error.js';

export interface Answer {
  status: number;
  body: Uint8Array;
}

/** What went wrong, before it is put into words for the caller and cleared of secrets. */
export interface Fault {
  code: SupervisorErrorCode;
  what: string;
  /** The Supervisor's own words. */
  said?: string | undefined;
  status?: number;
  lock?: SupervisorLock;
  retryable?: boolean;
}

export type Classified<Result> = { ok: true; value: Result } | { ok: false; fault: Fault };

/** Decides by status and body alone: the Supervisor's content types are often wrong. Total and pure. */
export function classifyAnswer<Result>(endpoint: Endpoint<Result>, { status, body }: Answer): Classified<Result> {
  const read = endpoint.answers[status];
  if (read === undefined) return { ok: false, fault: { ...classifyFailure(endpoint, status, body), status } };
  const answer = read(body);
  return answer.ok
    ? answer
    : {
        ok: false,
        fault: { code: 'unexpected-response', what: `status ${status} came with ${answer.problem}.`, status },
      };
}

function classifyFailure(endpoint: Pick<Endpoint<unknown>, 'effect'>, status: number, body: Uint8Array): Fault {
  const text = new TextDecoder().decode(body);
  const said = whatWasSaid(text);
  switch (status) {
    case 400:
      return { code: 'bad-request', what: 'the Supervisor refused the request as wrong.', said };
    case 401:
      return { code: 'unauthorized', what: 'the Supervisor did not accept the request.' };
    case 404:
      return /Cannot [A-Z]+ \//.test(text)
        ? { code: 'not-supported', what: 'this Supervisor has no such endpoint.' }
        : { code: 'not-found', what: 'what the call names was not found.', said };
    case 423: {
      const lock = lockOf(said ?? '');
      return { code: 'locked', what: lockWords[lock], said, lock, retryable: true };
    }
    case 502:
    case 504:
      return {
        code: 'supervisor-error',
        what: `the front of the Supervisor could not reach the Supervisor itself (status ${status}).`,
        said,
        retryable: endpoint.effect === 'read',
      };
    default:
      return status >= 500 && status <= 599
        ? { code: 'supervisor-error', what: `the Supervisor failed (status ${status}).`, said }
        : { code: 'unexpected-response', what: unexpectedStatus(status) };
  }
}

const lockWords: Readonly<Record<SupervisorLock, string>> = {
  'user-lock': 'a service holds its update lock.',
  'supervisor-busy': 'another operation of the Supervisor holds the locks.',
  'host-update': 'the host OS is being updated.',
};

function lockOf(said: string): SupervisorLock {
  if (/Host OS update/i.test(said)) return 'host-update';
  if (/held by another supervisor operation/i.test(said)) return 'supervisor-busy';
  return 'user-lock';
}

function unexpectedStatus(status: number): string {
  return redirectStatuses.has(status)
    ? `a redirect came back (status ${status}), which is not followed.`
    : `status ${status} came back.`;
}

/** Status 0 is how a browser's fetch shows a redirect that it was told not to follow. */
const redirectStatuses: ReadonlySet<number> = new Set([0, 301, 302, 303, 307, 308]);

/** From `{status, message}`, `{Data, Error}` or plain text, whichever this endpoint speaks. A page says nothing. */
function whatWasSaid(text: string): string | undefined {
  const json = parseJson(text);
  const said = json === undefined ? plainText(text) : (textAt(json, 'message') ?? textAt(json, 'Error'));
  // Control characters would let an answer forge lines of a log.
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
