import type { JudgedProblem } from '@serve.zone/baseos-contracts';

/** What of a request the option `clientAddress` may look at. It is the web-standard `Request` wherever the server has one. */
export type SeenRequest = Pick<Request, 'method' | 'url' | 'headers'>;

/**
 * A request as the handlers judge it, whatever server it came through. A web-standard one costs more than all the rest of a
 * heartbeat, so a server that has none need not make one.
 */
export interface ServedRequest {
  method: string;
  /** The path of its URL; empty without a valid one. */
  path: string;
  /** By a name in lower case; repeated ones are one value with commas. */
  headers: { get(name: string): string | null | undefined };
  /** What the server hands over beside the request. */
  info: unknown;
  /** The same request for the application. */
  see(): SeenRequest;
  /**
   * Reads the body once, at most as much as the contract allows and for at most so long.
   *
   * @throws TakenBodyError if other code has already read it.
   */
  readBody(timeoutMs: number): Promise<ServedBody>;
  /** Calls the listener when the client has gone, at once if it has, until the returned function is called. */
  onGone(this: void, listener: () => void): () => void;
}

export type ServedBody =
  /**
   * One byte more than the contract allows stands for a body that is too large. `wasHeld` if it was not there at first:
   * earlier knowledge may be out of date when it arrives.
   */
  { ok: true; bytes: Uint8Array; wasHeld: boolean } | { ok: false; problem: JudgedProblem };

/** Each piece costs time; no honest sender splits a message into so many. */
export const PIECES_MAX = 4096;

export type BodyFault = 'body-in-time' | 'body-in-large-pieces' | 'complete-body';

export function bodyFault(rule: BodyFault): ServedBody {
  return { ok: false, problem: { code: 'malformed-request', issues: [{ path: '', rule }] } };
}
