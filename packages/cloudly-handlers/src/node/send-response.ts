import type { IncomingMessage, ServerResponse } from 'node:http';
import { limits } from '@serve.zone/baseos-contracts';

/** Sends an answer, which is short. */
export const sendResponse = async (
  response: Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> => {
  const body = new Uint8Array(await response.arrayBuffer());
  outgoing.statusCode = response.status;
  outgoing.setHeaders(response.headers);
  outgoing.end(body);
  dropRest(incoming);
};

/** Few senders read an answer before they have written all; whoever writes on and on is cut off. */
const DROPPED_MAX_BYTES = 4 * limits.bodyMaxBytes;
const DROP_TIMEOUT_MS = 5000;

const dropRest = (incoming: IncomingMessage): void => {
  if (incoming.readableEnded || incoming.destroyed) return;
  // Whoever began to read it has given up.
  incoming.removeAllListeners('data');
  let droppedBytes = 0;
  const deadline = setTimeout(() => incoming.destroy(), DROP_TIMEOUT_MS);
  incoming.on('data', (chunk: Uint8Array) => {
    droppedBytes += chunk.byteLength;
    if (droppedBytes > DROPPED_MAX_BYTES) incoming.destroy();
  });
  incoming.once('end', () => clearTimeout(deadline));
  incoming.once('close', () => clearTimeout(deadline));
  incoming.resume();
};
