import { Buffer } from 'node:buffer';
import type { NodeRequest } from './node-message.js';

/**
 * The body of a request as it arrives, no faster than it is read, even if other code in front also listens to it.
 * Cancelling it does not close the connection, so that the answer can still be sent.
 */
export function unreadBody(incoming: NodeRequest): ReadableStream<Uint8Array> {
  let stop: (() => void) | undefined;

  const start = (controller: ReadableStreamDefaultController<Uint8Array>): (() => void) => {
    const onData = (chunk: Uint8Array | string): void => {
      incoming.pause();
      // Text if an encoding was set.
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
        // No data may pass before it is requested.
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
