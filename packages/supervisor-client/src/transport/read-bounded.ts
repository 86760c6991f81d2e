import { GrowingBytes } from './growing-bytes.js';

/** No Supervisor sends larger answers: the longest, of a device with many services, has a few 100 kB. */
export const maxAnswerBytes = 4 * 1024 * 1024;

/** The whole body; `undefined` if it has more than `maxAnswerBytes`. An abort ends the body. */
export async function readBounded(
  body: AsyncIterable<Uint8Array> | null,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array();
  const received = new GrowingBytes();
  const iterator = body[Symbol.asyncIterator]();
  // Deno continues to read a body whose fetch was aborted, so the body must be ended, too.
  signal.addEventListener('abort', () => void endOf(iterator), { once: true });
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    if (received.length + next.value.byteLength > maxAnswerBytes) return undefined;
    received.append(next.value);
  }
  return received.all;
}

/** Ends a body that nobody reads any longer. */
export async function endOf(iterator: AsyncIterator<Uint8Array> | undefined): Promise<void> {
  try {
    await iterator?.return?.();
  } catch {
    // The exchange already has its outcome; how its body ends adds nothing.
  }
}
