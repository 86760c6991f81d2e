import { isSupervisorError, type SupervisorError, type SupervisorErrorCode } from '../supervisor-error.js';
import { reconnectWaitMs, type ResolvedReconnect } from './reconnect.js';
import type { SplitLinesOptions } from './split-lines.js';

/** Lines longer than this are cut. The longest of journald's own limits is 48 KiB a line; fields may be longer. */
const maxLineBytes = 1024 * 1024;

export interface Log<Piece, Item> {
  /** Asks for the stream: from its start, later from where reading it has come to. */
  open: () => Promise<AsyncIterable<Uint8Array>>;
  /** The pieces of the stream, such as its lines. */
  split: (chunks: AsyncIterable<Uint8Array>, options: SplitLinesOptions) => AsyncIterable<Piece>;
  /** `undefined` for a piece that is not to be given. */
  read: (piece: Piece) => Item | undefined;
}

/**
 * The items of a log, one as it is asked for. Leaving closes the stream. With `reconnect` it goes on after the stream has
 * ended or broken, and ends only with an error that no wait mends, or the signal's reason.
 */
export async function* readLog<Piece, Item>(
  { open, split, read }: Log<Piece, Item>,
  { reconnect, signal }: { reconnect: ResolvedReconnect | undefined; signal: AbortSignal | undefined },
): AsyncGenerator<Item, void> {
  let failures = 0;
  let lostAtMs: number | undefined;
  for (;;) {
    let error: SupervisorError | undefined;
    try {
      signal?.throwIfAborted();
      const chunks = await open();
      if (lostAtMs !== undefined) reconnect?.onReconnect?.({ outageMs: performance.now() - lostAtMs });
      lostAtMs = undefined;
      for await (const piece of split(chunks, { maxLineBytes, keepUnterminated: reconnect === undefined })) {
        const item = read(piece);
        if (item === undefined) continue;
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

/** What a Supervisor shows while it restarts. Anything else stays as it is, however long one waits. */
const passing: ReadonlySet<SupervisorErrorCode> = new Set(['unreachable', 'timeout', 'supervisor-error']);

function isPassing(error: unknown): error is SupervisorError {
  return isSupervisorError(error) && passing.has(error.code);
}
