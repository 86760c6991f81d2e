import type { OpenStream } from './exchange.js';
import { endOf } from './read-bounded.js';

export interface StreamBodyOptions {
  /** Ends the stream, which then rejects with the signal's reason. */
  signal: AbortSignal | undefined;
  /** Makes the reader's error of a failure of the transport. */
  toError: (error: unknown) => Error;
}

type Chunk = IteratorResult<Uint8Array, undefined>;

interface Waiting {
  resolve: (chunk: Chunk) => void;
  reject: (reason: unknown) => void;
}

const end: Chunk = { done: true, value: undefined };

/**
 * The body of an answer as it arrives, read no faster than its reader asks. It ends with the connection, with `return()`
 * (which `break` in a loop calls) and with the signal, even while it waits for a chunk: the transport's own body may hang
 * then.
 */
export function streamBody(stream: OpenStream, { signal, toError }: StreamBodyOptions): AsyncIterable<Uint8Array> {
  const { chunks, controller } = stream;
  /** The readers that wait for a chunk. Racing each against one promise would keep all past ones in memory. */
  const waiting = new Set<Waiting>();
  let isOver = chunks === undefined;
  let unreadReason: { reason: unknown } | undefined;

  /** No more chunks: `tell` settles every waiting reader. */
  const finish = (tell: (reader: Waiting) => void): void => {
    isOver = true;
    signal?.removeEventListener('abort', onAbort);
    const readers = [...waiting];
    waiting.clear();
    readers.forEach(tell);
  };
  const close = (): void => {
    controller.abort();
    void endOf(chunks);
  };
  const onAbort = (): void => {
    const reason: unknown = signal?.reason;
    if (waiting.size === 0) unreadReason = { reason };
    finish((reader) => reader.reject(reason));
    close();
  };

  /** Asks for the next chunk. A reader that is settled meanwhile is not settled again. */
  const pull = async (reader: Waiting): Promise<void> => {
    let result: IteratorResult<Uint8Array> | undefined;
    try {
      result = await chunks?.next();
    } catch (error) {
      if (!waiting.delete(reader)) return;
      reader.reject(toError(error));
      finish((other) => other.resolve(end));
      close();
      return;
    }
    if (!waiting.delete(reader)) return;
    if (result === undefined || result.done === true) {
      reader.resolve(end);
      finish((other) => other.resolve(end));
    } else {
      reader.resolve({ done: false, value: result.value });
    }
  };

  const next = async (): Promise<Chunk> => {
    if (unreadReason !== undefined) {
      const { reason } = unreadReason;
      unreadReason = undefined;
      throw reason;
    }
    if (isOver) return end;
    return new Promise((resolve, reject) => {
      const reader = { resolve, reject };
      waiting.add(reader);
      void pull(reader);
    });
  };

  const stop = async (): Promise<Chunk> => {
    if (!isOver) {
      finish((reader) => reader.resolve(end));
      close();
    }
    unreadReason = undefined;
    return end;
  };

  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  const reader: AsyncIterableIterator<Uint8Array, undefined> = {
    next,
    return: stop,
    [Symbol.asyncIterator]: () => reader,
  };
  return reader;
}
