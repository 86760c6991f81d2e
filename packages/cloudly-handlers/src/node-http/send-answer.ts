import { limits } from '@serve.zone/baseos-contracts';
import type { NodeRequest, NodeResponse } from './node-message.js';

export interface AnswerHead {
  status: number;
  headers: Readonly<Record<string, string | string[]>>;
}

/** Of the handlers, or of a function that makes any response. */
type AnyAnswer = AnswerHead & Record<'body', string | Uint8Array>;

/** Sends an answer, which is short. Node writes a text together with the headers, and bytes apart from them. */
export function sendAnswer(answer: AnyAnswer, incoming: NodeRequest, outgoing: NodeResponse): void {
  setHead(answer, outgoing);
  outgoing.end(answer.body);
  dropRest(incoming);
}

export function setHead({ status, headers }: AnswerHead, outgoing: NodeResponse): void {
  outgoing.statusCode = status;
  for (const name in headers) outgoing.setHeader(name, headers[name] ?? '');
}

/** Few clients read an answer before they have sent everything. A client that never stops sending is cut off. */
const DROPPED_MAX_BYTES = 4 * limits.bodyMaxBytes;
const DROP_TIMEOUT_MS = 5000;

export function dropRest(incoming: NodeRequest): void {
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
