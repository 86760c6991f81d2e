import { Buffer } from 'node:buffer';
import { cutOff } from './cut-off.js';
import type { NodeRequest, NodeResponse } from './node-message.js';
import { readStart } from './read-start.js';
import { dropRest, sendAnswer } from './send-answer.js';
import { sendPieces } from './send-pieces.js';

/**
 * Sends a response: whole if all of its body is there at once, else piece by piece, no faster than the client takes them. If
 * the client leaves, or takes nothing for half a minute, the body is cancelled; if the body fails, the connection is cut.
 *
 * @param gone aborts when the client has left
 */
export async function sendResponse(
  { status, headers, body }: Response,
  { incoming, outgoing, gone }: { incoming: NodeRequest; outgoing: NodeResponse; gone: AbortSignal },
): Promise<void> {
  const head = { status, headers: fieldsOf(headers) };
  if (!body) return sendAnswer({ ...head, body: '' }, incoming, outgoing);
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  // A body that fails has said so already.
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  if (gone.aborted) return cancel();
  gone.addEventListener('abort', cancel, { once: true });
  try {
    const { pieces, next } = await readStart(reader);
    if (!next) return sendAnswer({ ...head, body: Buffer.concat(pieces) }, incoming, outgoing);
    if (incoming.method === 'HEAD') {
      cancel();
      return sendAnswer({ ...head, body: '' }, incoming, outgoing);
    }
    await sendPieces({ ...head, pieces, next, reader }, outgoing, gone);
    dropRest(incoming);
  } catch {
    cancel();
    cutOff(outgoing);
  } finally {
    gone.removeEventListener('abort', cancel);
  }
}

/** Several cookies are several headers. */
function fieldsOf(headers: Headers): Record<string, string | string[]> {
  const cookies = headers.getSetCookie();
  return { ...Object.fromEntries(headers), ...(cookies.length > 0 && { 'set-cookie': cookies }) };
}
