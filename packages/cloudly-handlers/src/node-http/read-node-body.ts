import { Buffer } from 'node:buffer';
import { createBodyCollector } from '@serve.zone/baseos-contracts';
import { bodyFault, PIECES_MAX, type ServedBody } from '../messages/served-request.js';
import type { NodeRequest } from './node-message.js';

/**
 * Reads the body of a request, at most as much as the contract allows and for at most `timeoutMs`, even if other code in front
 * also listens to it. The connection stays open, so that the answer can still be sent.
 */
export async function readNodeBody(incoming: NodeRequest, timeoutMs: number): Promise<ServedBody> {
  if (incoming.readableEnded) return { ok: true, bytes: new Uint8Array(), wasHeld: false };
  if (incoming.destroyed) return bodyFault('complete-body');
  const whole = readAtOnce(incoming);
  if (whole) return { ok: true, bytes: whole, wasHeld: false };
  const collector = createBodyCollector();
  let pieceCount = 0;
  let wasHeld = false;

  return new Promise((resolve) => {
    const end = (body: ServedBody): void => {
      incoming.off('data', onData).off('end', onEnd).off('error', onBreak).off('close', onBreak);
      stopTimers();
      incoming.pause();
      resolve(body);
    };
    const onEnd = (): void => end({ ok: true, bytes: collector.bytes(), wasHeld });
    const onBreak = (): void => end(bodyFault('complete-body'));
    const onData = (piece: Uint8Array | string): void => {
      pieceCount += 1;
      if (pieceCount > PIECES_MAX) end(bodyFault('body-in-large-pieces'));
      else if (!collector.take(bytesOf(piece, incoming))) onEnd();
    };

    const stopTimers = startTimers(timeoutMs, {
      onNextTurn: () => void (wasHeld = true),
      onLate: () => end(bodyFault('body-in-time')),
    });
    incoming.on('data', onData).on('end', onEnd).on('error', onBreak).on('close', onBreak);
    incoming.resume();
  });
}

/** A short body mostly arrives with its headers. */
function readAtOnce(incoming: NodeRequest): Uint8Array | undefined {
  const { headers, readableLength, readableFlowing } = incoming;
  const isWhole = readableLength > 0 && headers['content-length'] === String(readableLength);
  // Other code that listens is to get it, too.
  if (!isWhole || readableFlowing !== null || incoming.listenerCount('data') > 0) return undefined;
  const piece = incoming.read() as Uint8Array | string;
  // Node ends only a message that flows.
  incoming.resume();
  return bytesOf(piece, incoming);
}

function startTimers(timeoutMs: number, { onNextTurn, onLate }: Record<'onNextTurn' | 'onLate', () => void>) {
  const nextTurn = setTimeout(onNextTurn);
  const deadline = setTimeout(onLate, timeoutMs);
  return (): void => {
    clearTimeout(nextTurn);
    clearTimeout(deadline);
  };
}

/** Text if an encoding was set. */
function bytesOf(piece: Uint8Array | string, { readableEncoding }: NodeRequest): Uint8Array {
  return typeof piece === 'string' ? Buffer.from(piece, readableEncoding ?? undefined) : piece;
}
