import { isSupervisorError, type SupervisorError, type SupervisorErrorCode } from '../supervisor-error.js';
import { reconnectWaitMs, type ResolvedReconnect } from './reconnect.js';
import { splitLines } from './split-lines.js';

/** Lines longer than this are cut. The longest of journald's own limits is 48 KiB a line; fields may be longer. */
const maxLineBytes = 1024 * 1024;

export interface Log<Item> {
  /** Asks for the stream: from its start, later from where reading it has come to. */
  open: () => Promise<AsyncIterable<Uint8Array>>;
  /** `undefined` for a line that is not to be given. */
  read: (line: string) => Item | undefined;
}

/**
 * The items of a log, one as it is asked for. Leaving closes the stream. With `reconnect` it goes on after the stream has
 * ended or broken, and ends only with an error that no wait mends, or the signal's reason.
 */
export async function* readLog<Item>(
  { open, read }: Log<Item>,
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
      for await (const line of splitLines(chunks, { maxLineBytes, keepUnterminated: reconnect === undefined })) {
        const item = read(line);
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
