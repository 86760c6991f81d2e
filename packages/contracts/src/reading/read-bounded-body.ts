import { createBodyCollector } from './body-collector.js';

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
  const collector = createBodyCollector();
  for await (const piece of iterable(body)) if (!collector.take(piece)) break;
  return collector.bytes();
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
