import { judgeRequestHead, type JudgedProblem, readBoundedBody } from '@serve.zone/baseos-contracts';
import { demandBody } from './taken-body.js';

export type JsonBody =
  /**
   * One byte more than the contract allows stands for a body that is too large. `wasHeld` if it was not there at first:
   * earlier knowledge may be out of date when it arrives.
   */
  { ok: true; bytes: Uint8Array; wasHeld: boolean } | { ok: false; problem: JudgedProblem };

/** How long a body may take to arrive by default. */
export const BODY_TIMEOUT_MS = 20_000;

/**
 * Reads the bytes of a request's body, at most as many as the contract allows and for at most `timeoutMs`, or returns the
 * problem to answer with.
 *
 * @throws TakenBodyError if other code has already read the body, such as a body parser that is mounted in front.
 */
export async function readJsonBody(request: Request, timeoutMs: number): Promise<JsonBody> {
  const problem = judgeRequestHead(request);
  if (problem) return { ok: false, problem };
  demandBody(request);
  return request.body
    ? readBytes(request.body.getReader(), timeoutMs)
    : { ok: true, bytes: new Uint8Array(), wasHeld: false };
}

type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

async function readBytes(reader: BodyReader, timeoutMs: number): Promise<JsonBody> {
  let isLate = false;
  let wasHeld = false;
  const nextTurn = setTimeout(() => {
    wasHeld = true;
  });
  const deadline = setTimeout(() => {
    isLate = true;
    giveUp(reader);
  }, timeoutMs);
  try {
    const bytes = await readBoundedBody(piecesOf(reader));
    return isLate ? malformed('body-in-time') : { ok: true, bytes, wasHeld };
  } catch (error) {
    if (error instanceof TooManyPieces) return malformed('body-in-large-pieces');
    return malformed(isLate ? 'body-in-time' : 'complete-body');
  } finally {
    clearTimeout(nextTurn);
    clearTimeout(deadline);
  }
}

/** Each piece costs time; no honest sender splits a message into so many. */
const PIECES_MAX = 4096;

class TooManyPieces extends Error {}

/** @throws TooManyPieces */
async function* piecesOf(reader: BodyReader): AsyncGenerator<Uint8Array> {
  try {
    let pieceCount = 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieceCount += 1;
      if (pieceCount > PIECES_MAX) throw new TooManyPieces();
      yield bytesOf(next.value);
    }
  } finally {
    giveUp(reader);
  }
}

/** The Request may have been created with a stream of text. */
function bytesOf(piece: Uint8Array | string): Uint8Array {
  return typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
}

/** Ends a read that is in progress; the rest of the stream no longer matters. */
function giveUp(reader: BodyReader): void {
  reader.cancel().catch(() => undefined);
}

function malformed(rule: string): JsonBody {
  return {
    ok: false,
    problem: { code: 'malformed-request', issues: [{ path: '', rule }] },
  };
}
