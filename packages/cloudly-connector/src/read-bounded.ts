/** The text of a body, or why there is none to judge. */
export type ReceivedBody = { ok: true; text: string } | { ok: false; reason: string };

/**
 * The body as text. With the first byte above `maxBytes` reading ends, and the body is let go.
 *
 * @throws whatever the transport throws when the connection breaks, and the signal's reason once it is aborted.
 */
export const readBounded = async (
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
  signal: AbortSignal,
): Promise<ReceivedBody> => {
  const chunks: Uint8Array[] = [];
  let receivedBytes = 0;
  // Leaving the loop early cancels the body.
  for await (const chunk of body ?? []) {
    signal.throwIfAborted();
    receivedBytes += chunk.byteLength;
    if (receivedBytes > maxBytes) return { ok: false, reason: `a body of more than ${maxBytes} bytes` };
    chunks.push(chunk);
  }
  return decodeUtf8(concatenate(chunks, receivedBytes));
};

const concatenate = (chunks: readonly Uint8Array[], length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
};

const decodeUtf8 = (bytes: Uint8Array): ReceivedBody => {
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, reason: 'a body that is not UTF-8' };
  }
};
