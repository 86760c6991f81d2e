import { GrowingBytes } from './growing-bytes.js';

/** Larger answers than this are not a Supervisor's: its longest, of a device with many services, is a few 100 kB. */
export const maxAnswerBytes = 4 * 1024 * 1024;

/** The whole of a body; `undefined` if there is more than `maxAnswerBytes`. An abort ends the body. */
export async function readBounded(
  body: AsyncIterable<Uint8Array> | null,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array();
  const received = new GrowingBytes();
  const iterator = body[Symbol.asyncIterator]();
  // Deno goes on reading a body whose fetch was aborted: the body has to be told too.
  signal.addEventListener('abort', () => void endOf(iterator), { once: true });
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    if (received.length + next.value.byteLength > maxAnswerBytes) return undefined;
    received.append(next.value);
  }
  return received.all;
}

/** Tells a body that nobody reads it any more. */
export async function endOf(iterator: AsyncIterator<Uint8Array> | undefined): Promise<void> {
  try {
    await iterator?.return?.();
  } catch {
    // The exchange has ended with a reason of its own; how its body ends adds nothing.
  }
}
