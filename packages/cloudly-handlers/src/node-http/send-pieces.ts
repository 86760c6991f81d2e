import type { NodeResponse } from './node-message.js';
import { type BodyStart, readPiece } from './read-start.js';
import { type AnswerHead, setHead } from './send-answer.js';

export interface StreamedAnswer extends AnswerHead, Required<BodyStart> {
  reader: ReadableStreamDefaultReader<Uint8Array>;
}

/** Sends a body as it comes. Resolves when all of it is sent or the client has left; rejects if the body or the client fails. */
export async function sendPieces(answer: StreamedAnswer, outgoing: NodeResponse, gone: AbortSignal): Promise<void> {
  setHead(answer, outgoing);
  outgoing.flushHeaders?.();
  for (const piece of answer.pieces) await send(piece, outgoing, gone);
  for (let next = await answer.next; !next.done; next = await readPiece(answer.reader)) {
    await send(next.value, outgoing, gone);
  }
  if (!gone.aborted) outgoing.end();
}

/** At most so much is written at a time, so that a slow client shows in time that it takes something. */
const WRITTEN_MAX_BYTES = 65_536;

async function send(piece: Uint8Array, outgoing: NodeResponse, gone: AbortSignal): Promise<void> {
  for (let at = 0; at < piece.byteLength && !gone.aborted; at += WRITTEN_MAX_BYTES) {
    if (!outgoing.write(piece.subarray(at, at + WRITTEN_MAX_BYTES))) await taken(outgoing, gone);
  }
}

const TAKEN_WITHIN_MS = 30_000;

/** Resolves when the client has taken what was written, or has left; rejects if it does neither in time. */
async function taken(outgoing: NodeResponse, gone: AbortSignal): Promise<void> {
  const isTaken = await new Promise<boolean>((resolve) => {
    const deadline = setTimeout(() => end(false), TAKEN_WITHIN_MS);
    const end = (outcome: boolean): void => {
      clearTimeout(deadline);
      outgoing.off('drain', onEnd);
      gone.removeEventListener('abort', onEnd);
      resolve(outcome);
    };
    const onEnd = (): void => end(true);
    outgoing.on('drain', onEnd);
    gone.addEventListener('abort', onEnd);
    if (gone.aborted) onEnd();
  });
  if (!isTaken) throw new Error('The client takes nothing');
}
