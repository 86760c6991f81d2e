import { isSupervisorError, type SupervisorError, type SupervisorErrorCode } from '../errors/supervisor-error.js';
import { reconnectWaitMs, type ResolvedReconnect } from './reconnect.js';
import type { SplitLinesOptions } from './split-lines.js';

/** Longer lines are cut. journald itself limits a line to 48 KiB; fields may be longer. */
const maxLineBytes = 1024 * 1024;

/**
 * Reads one connection until it ends or fails. Calls `onOpen` when it is open, before the first item, and says whether
 * nothing is missing since the previous connection.
 */
export type Connect<Item> = (onOpen: (isComplete: boolean) => void) => AsyncGenerator<Item, void>;

/** How a stream is read. */
export interface Reading<Piece, Item> {
  /** The pieces of the stream, such as its lines. */
  split: (chunks: AsyncIterable<Uint8Array>, options: SplitLinesOptions) => AsyncIterable<Piece>;
  /** `undefined` for a piece to skip. */
  read: (piece: Piece) => Item | undefined;
  /** Whether no other stream follows, which could repeat the last piece in full: an incomplete last piece is then returned, too. */
  isOnly: boolean;
}

/** The items of one stream. */
export async function* itemsOf<Piece, Item>(
  chunks: AsyncIterable<Uint8Array>,
  { split, read, isOnly }: Reading<Piece, Item>,
): AsyncGenerator<Item, void> {
  for await (const piece of split(chunks, { maxLineBytes, keepUnterminated: isOnly })) {
    const item = read(piece);
    if (item !== undefined) yield item;
  }
}

/**
 * The items of a log, each when it is asked for. Leaving the loop closes the stream. With `reconnect`, it continues after
 * the stream has ended or failed, and ends only with an error that waiting does not solve, or with the signal's reason.
 */
export async function* readLog<Item>(
  connect: Connect<Item>,
  { reconnect, signal }: { reconnect: ResolvedReconnect | undefined; signal: AbortSignal | undefined },
): AsyncGenerator<Item, void> {
  let failures = 0;
  let lostAtMs: number | undefined;
  const onOpen = (isComplete: boolean): void => {
    if (lostAtMs !== undefined) reconnect?.onReconnect?.({ outageMs: performance.now() - lostAtMs, isComplete });
    lostAtMs = undefined;
  };
  for (;;) {
    let error: SupervisorError | undefined;
    try {
      signal?.throwIfAborted();
      for await (const item of connect(onOpen)) {
        failures = 0;
        yield item;
      }
    } catch (cause) {
      if (reconnect === undefined || !isPassing(cause)) throw cause;
      error = cause;
    }
    if (reconnect === undefined) return;

    lostAtMs ??= performance.now();
    failures += 1;
    const waitMs = reconnectWaitMs(failures, reconnect);
    reconnect.onDisconnect?.({ ...(error !== undefined && { error }), failures, waitMs });
    await reconnect.sleep(waitMs, signal);
  }
}

/** Errors that occur while the Supervisor restarts. Waiting does not solve any other. */
const passing: ReadonlySet<SupervisorErrorCode> = new Set(['unreachable', 'timeout', 'supervisor-error']);

function isPassing(error: unknown): error is SupervisorError {
  return isSupervisorError(error) && passing.has(error.code);
}
