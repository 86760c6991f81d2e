import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Writes as much as possible without waiting for a reader, and returns the number of bytes; `lost` if they cannot be
 * written at all. It neither throws nor rejects. It is not called again while its promise is pending.
 */
export type WriteSome = (bytes: Uint8Array) => number | 'lost' | Promise<number | 'lost'>;

const STANDARD_ERROR = 2;

/**
 * A terminal or a pipe is opened again, so that only this process does not wait: for other users of it, such as a
 * shell, nothing changes. If it cannot be opened, or is a file, whose disk may hang, it is written in the thread pool.
 */
export function standardErrorWriter(): WriteSome {
  let own: number | undefined;
  try {
    const isRead = isatty(STANDARD_ERROR) || fstatSync(STANDARD_ERROR).isFIFO();
    const { O_WRONLY, O_APPEND, O_NONBLOCK, O_NOCTTY } = constants;
    if (isRead) own = openSync('/proc/self/fd/2', O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY);
  } catch {
    // It is another user's, a socket, or a system without /proc.
  }
  if (own === undefined) return writeInPool;
  const descriptor = own;
  return (bytes) => {
    try {
      return writeSync(descriptor, bytes);
    } catch (error) {
      return takenOf(error);
    }
  };
}

async function writeInPool(bytes: Uint8Array): Promise<number | 'lost'> {
  return new Promise((resolve) => {
    write(STANDARD_ERROR, bytes, (error, taken) => resolve(error ? takenOf(error) : taken));
  });
}

function takenOf(error: unknown): 0 | 'lost' {
  return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : 'lost';
}
