import { readBoundedBody } from '@serve.zone/baseos-contracts';
import { bodyFault, PIECES_MAX, type ServedBody } from './served-request.js';

/** Reads the body of a web-standard request, at most as much as the contract allows and for at most `timeoutMs`. */
export async function readWebBody(body: ReadableStream<Uint8Array>, timeoutMs: number): Promise<ServedBody> {
  const reader = body.getReader();
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
    return isLate ? bodyFault('body-in-time') : { ok: true, bytes, wasHeld };
  } catch (error) {
    if (error instanceof TooManyPieces) return bodyFault('body-in-large-pieces');
    return bodyFault(isLate ? 'body-in-time' : 'complete-body');
  } finally {
    clearTimeout(nextTurn);
    clearTimeout(deadline);
  }
}

type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

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
