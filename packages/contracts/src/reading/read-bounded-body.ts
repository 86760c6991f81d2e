import { limits } from '../protocol/limits.js';

/**
 * A body that is too large is still read up to this size and dropped, because few senders read an answer before they
 * have written everything.
 */
const DROPPED_MAX_BYTES = 4 * limits.bodyMaxBytes;

/** A stream of bytes: Node's request, or the body of a web-standard one, also where it cannot be iterated over. */
export type ByteStream =
  | AsyncIterable<Uint8Array>
  | {
      getReader(): {
        read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
        cancel(): Promise<unknown>;
      };
    };

/**
 * The bytes of a body, for `parseRegisterRequest` and `parseHeartbeatRequest`; at most one more is held than the contract
 * allows, by which they tell that it is too large. It gives up reading at four times the limit, which ends the connection of a
 * Node request. The server limits how long a sender may take.
 *
 * @throws the error of the stream, such as a lost connection; TypeError for anything but a stream, and if it yields anything but bytes.
 */
export async function readBoundedBody(body: ByteStream): Promise<Uint8Array> {
  let held = new Uint8Array();
  let heldBytes = 0;
  let comeBytes = 0;
  for await (const piece of iterable(body)) {
    if (!ArrayBuffer.isView(piece)) {
      throw new TypeError('The body must be a stream of bytes: set no encoding on it, and read it before any parser');
    }
    comeBytes += piece.byteLength;
    const takenBytes = Math.min(piece.byteLength, HELD_MAX_BYTES - heldBytes);
    const taken = new Uint8Array(piece.buffer, piece.byteOffset, takenBytes);
    held = withRoomFor(held, heldBytes, takenBytes);
    held.set(taken, heldBytes);
    heldBytes += takenBytes;
    if (comeBytes > DROPPED_MAX_BYTES) break;
  }
  return held.subarray(0, heldBytes);
}

const HELD_MAX_BYTES = limits.bodyMaxBytes + 1;

/** Doubles, so that a body in many pieces is copied a few times and no piece costs more than its bytes. */
function withRoomFor(held: Uint8Array<ArrayBuffer>, heldBytes: number, moreBytes: number): Uint8Array<ArrayBuffer> {
  const neededBytes = heldBytes + moreBytes;
  if (neededBytes <= held.byteLength) return held;
  const grown = new Uint8Array(Math.min(HELD_MAX_BYTES, Math.max(neededBytes, 2 * held.byteLength)));
  grown.set(held.subarray(0, heldBytes));
  return grown;
}

function iterable(body: ByteStream): AsyncIterable<Uint8Array> {
  if (typeof body === 'object' && body !== null) {
    if (Symbol.asyncIterator in body) return body;
    if ('getReader' in body) return piecesOf(body);
  }
  throw new TypeError(
    "A stream of bytes must be given: the body of a web-standard request, or Node's request itself. A request without a body has no stream",
  );
}

async function* piecesOf(body: Exclude<ByteStream, AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let next = await reader.read(); !next.done && next.value; next = await reader.read()) yield next.value;
  } finally {
    // A stream that has failed need not be ended.
    reader.cancel().catch(() => undefined);
  }
}
