import { Buffer } from 'node:buffer';
import type { NodeRequest } from './node-message.js';

/**
 * The body of a request as it comes in, no faster than it is read, also where somebody in front listens to it, too. Who
 * gives it up leaves the connection alone, so that the answer can still go out.
 */
export function unreadBody(incoming: NodeRequest): ReadableStream<Uint8Array> {
  let stop: (() => void) | undefined;

  const start = (controller: ReadableStreamDefaultController<Uint8Array>): (() => void) => {
    const onData = (chunk: Uint8Array | string): void => {
      incoming.pause();
      // Text where somebody has set an encoding.
      const encoding = incoming.readableEncoding ?? undefined;
      controller.enqueue(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    };
    const onEnd = (): void => {
      remove();
      controller.close();
    };
    const onBreak = (): void => {
      remove();
      controller.error(new Error('The connection was lost'));
    };
    const remove = (): void => {
      incoming.off('data', onData).off('end', onEnd).off('error', onBreak).off('close', onBreak);
    };
    incoming.on('data', onData).on('end', onEnd).on('error', onBreak).on('close', onBreak);
    return remove;
  };

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // Nothing may go by before it is asked for.
        incoming.pause();
        if (incoming.readableEnded) controller.close();
        else stop = start(controller);
      },
      pull(controller) {
        if (incoming.destroyed) return controller.error(new Error('The connection was lost'));
        incoming.resume();
        return undefined;
      },
      cancel() {
        stop?.();
        incoming.pause();
      },
    },
    { highWaterMark: 0 },
  );
}
