import { GrowingBytes } from './growing-bytes.js';

/** The text of a body, or why there is none. */
export type ReceivedBody = { ok: true; text: string } | { ok: false; reason: string };

/**
 * The body as text. Reading ends at the first byte above `maxBytes`.
 *
 * @throws the transport's error if the connection fails, and the signal's reason once it aborts.
 */
export async function readBounded(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
  signal: AbortSignal,
): Promise<ReceivedBody> {
  if (body === null) return { ok: true, text: '' };
  const iterator = body[Symbol.asyncIterator]();
  const letGo = (): void => void end(iterator);
  // Aborting the request is not enough on Deno, which continues to read a body that nobody waits for.
  signal.addEventListener('abort', letGo, { once: true });
  try {
    return await collect(iterator, maxBytes, signal);
  } finally {
    signal.removeEventListener('abort', letGo);
    await end(iterator);
  }
}

async function collect(
  iterator: AsyncIterator<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<ReceivedBody> {
  const received = new GrowingBytes();
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    signal.throwIfAborted();
    if (received.length + next.value.byteLength > maxBytes) {
      return { ok: false, reason: `a body of more than ${maxBytes} bytes` };
    }
    received.append(next.value);
  }
  signal.throwIfAborted();
  return decodeUtf8(received.all);
}

/** Ends the body. How that ends says nothing about the exchange. */
async function end(iterator: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // It failed before it could be ended.
  }
}

function decodeUtf8(bytes: Uint8Array): ReceivedBody {
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, reason: 'a body that is not UTF-8' };
  }
}
