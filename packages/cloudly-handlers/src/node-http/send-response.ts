import { limits } from '@serve.zone/baseos-contracts';
import type { NodeRequest, NodeResponse } from './node-message.js';

/** Sends an answer, which is short. */
export async function sendResponse(response: Response, incoming: NodeRequest, outgoing: NodeResponse): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer());
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) outgoing.setHeader(name, value);
  outgoing.end(body);
  dropRest(incoming);
}

/** Few clients read an answer before they have sent everything. A client that never stops sending is cut off. */
const DROPPED_MAX_BYTES = 4 * limits.bodyMaxBytes;
const DROP_TIMEOUT_MS = 5000;

function dropRest(incoming: NodeRequest): void {
  if (incoming.readableEnded || incoming.destroyed) return;
  // The other reader has been aborted.
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
}
