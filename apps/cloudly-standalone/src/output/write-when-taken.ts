import { Writable } from 'node:stream';
import type { TextStream } from '@serve.zone/baseos-command-line';

/**
 * Writes a piece of much text, and resolves once the stream takes more, so that what nobody reads yet does not pile up in
 * memory. Resolves with `false` when nobody reads it any more.
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
