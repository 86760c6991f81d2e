import type { FetchLike } from './fetch-like.js';

/** Larger answers than this are not a Supervisor's: its longest, of a device with many services, is a few 100 kB. */
export const maxAnswerBytes = 4 * 1024 * 1024;

export interface ExchangeRequest {
  method: 'GET' | 'POST' | 'PATCH';
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export interface ExchangeOptions {
  /** Called within the deadline, so that loading a transport counts too. */
  loadFetch: () => Promise<FetchLike>;
  /** One deadline for connect, headers and body. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

export type Exchanged =
  | { kind: 'answered'; status: number; body: Uint8Array }
  | { kind: 'too-large'; status: number }
  | { kind: 'timed-out' }
  | { kind: 'failed'; error: unknown };

/**
 * Sends one request and reads its whole answer, within one deadline that holds even if the transport ignores its signal.
 * Rejects only with the reason of the caller's `signal`, or if the transport cannot be loaded.
 */
export async function exchange(request: ExchangeRequest, options: ExchangeOptions): Promise<Exchanged> {
  const { signal, timeoutMs, loadFetch } = options;
  signal?.throwIfAborted();

  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort: (() => void) | undefined;
  const interrupted = new Promise<'timed-out' | 'aborted'>((resolve) => {
    timer = setTimeout(() => resolve('timed-out'), timeoutMs);
    onAbort = () => resolve('aborted');
    signal?.addEventListener('abort', onAbort, { once: true });
  });

  let isAnswered = false;
  try {
    const first = await Promise.race([interrupted, send(request, loadFetch, controller.signal)]);
    if (first === 'aborted') throw signal?.reason;
    if (first === 'timed-out') return { kind: 'timed-out' };
    isAnswered = first.kind === 'answered';
    return first;
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
    // Ends whatever is still under way, so that no socket outlives the call. A finished exchange keeps its connection.
    if (!isAnswered) controller.abort();
  }
}

async function send(
  request: ExchangeRequest,
  loadFetch: () => Promise<FetchLike>,
  signal: AbortSignal,
): Promise<Exchanged> {
  const fetch = await loadFetch();
  const { url, ...rest } = request;
  try {
    signal.throwIfAborted();
    const { status, body } = await fetch(url, { ...rest, signal, redirect: 'manual' });
    const bytes = await readBounded(body, signal);
    return bytes === undefined ? { kind: 'too-large', status } : { kind: 'answered', status, body: bytes };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** `undefined` if there is more than `maxAnswerBytes`. */
async function readBounded(
  body: AsyncIterable<Uint8Array> | null,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const iterator = body[Symbol.asyncIterator]();
  // Deno goes on reading a body whose fetch was aborted: the body has to be told too.
  signal.addEventListener('abort', () => void endOf(iterator), { once: true });
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    length += next.value.byteLength;
    if (length > maxAnswerBytes) return undefined;
    chunks.push(next.value);
  }
  return concatenate(chunks, length);
}

async function endOf(iterator: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The exchange has ended with a reason of its own; how its body ends adds nothing.
  }
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
