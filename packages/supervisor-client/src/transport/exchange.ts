import type { FetchLike } from './fetch-like.js';
import type { Answer } from '../answers/read-answer.js';
import { endOf, readBounded } from './read-bounded.js';
import { withinDeadline, type DeadlineOptions } from '../waiting/within-deadline.js';

export interface ExchangeRequest {
  method: 'GET' | 'POST' | 'PATCH';
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export interface ExchangeOptions extends DeadlineOptions {
  timeoutMs: number;
  /** Called within the deadline, so that loading the transport counts, too. */
  loadFetch: () => Promise<FetchLike>;
}

export type Exchanged =
  | ({ kind: 'answered' } & Answer)
  | { kind: 'too-large'; status: number }
  | { kind: 'timed-out' }
  | { kind: 'failed'; error: unknown };

/** A body that is read after the exchange. Aborting the controller ends it. */
export interface OpenStream {
  kind: 'open';
  /** Absent if there is no body. */
  chunks: AsyncIterator<Uint8Array> | undefined;
  controller: AbortController;
}

/**
 * Sends a request and reads the whole answer. One deadline covers connecting, headers and body, even if the transport
 * ignores its signal. Rejects only with the reason of the caller's `signal`, or if the transport cannot be loaded.
 */
export async function exchange(request: ExchangeRequest, options: ExchangeOptions): Promise<Exchanged> {
  return withinDeadline(options, async (controller) => send(request, options, controller, readWhole));
}

/** As {@link exchange}, but returns the body of a 200 unread. The deadline ends before the body. */
export async function openStream(request: ExchangeRequest, options: ExchangeOptions): Promise<Exchanged | OpenStream> {
  return withinDeadline(options, async (controller) =>
    send(request, options, controller, async (response, own) =>
      response.status === 200
        ? { kind: 'open', chunks: response.body?.[Symbol.asyncIterator](), controller: own }
        : readWhole(response, own),
    ),
  );
}

type Response = Awaited<ReturnType<FetchLike>>;

async function send<Outcome extends { kind: string }>(
  { url, ...request }: ExchangeRequest,
  { loadFetch }: ExchangeOptions,
  controller: AbortController,
  read: (response: Response, controller: AbortController) => Promise<Outcome>,
): Promise<Outcome | { kind: 'failed'; error: unknown }> {
  const fetch = await loadFetch();
  const { signal } = controller;
  try {
    signal.throwIfAborted();
    const response = await fetch(url, { ...request, signal, redirect: 'manual' });
    if (signal.aborted) void endOf(response.body?.[Symbol.asyncIterator]());
    signal.throwIfAborted();
    return await read(response, controller);
  } catch (error) {
    controller.abort();
    return { kind: 'failed', error };
  }
}

async function readWhole({ status, headers, body }: Response, controller: AbortController): Promise<Exchanged> {
  const bytes = await readBounded(body, controller.signal);
  if (bytes !== undefined) {
    return { kind: 'answered', status, contentType: headers.get('content-type') ?? undefined, body: bytes };
  }
  controller.abort();
  return { kind: 'too-large', status };
}
