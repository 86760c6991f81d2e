import { Writable } from 'node:stream';
import type { TextStream } from '@serve.zone/baseos-command-line';

/**
 * Writes a piece of a long text, and resolves once the stream accepts more, so that unread text does not accumulate in
 * memory. Resolves with `false` if the reader is gone.
 */
export async function writeWhenTaken(stream: TextStream, text: string): Promise<boolean> {
  if (!(stream instanceof Writable)) {
    stream.write(text);
    return true;
  }
  if (stream.destroyed) return false;
  if (!stream.write(text)) await untilTaken(stream);
  return !stream.destroyed;
}

function untilTaken(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const events = ['drain', 'error', 'close'];
    const end = (): void => {
      for (const event of events) stream.off(event, end);
      resolve();
    };
    for (const event of events) stream.on(event, end);
  });
}
