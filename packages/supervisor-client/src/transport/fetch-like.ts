/**
 * What the client needs of an HTTP client. `globalThis.fetch` satisfies it, as do a few lines around `node:http`.
 *
 * A transport follows no redirect, rejects when the exchange fails or `signal` aborts, and hands over the body as it
 * arrives, with any content encoding undone. It adds no `User-Agent` that starts with `Supervisor/`: the front of
 * Supervisor 19 and later sends such requests on to balena's cloud.
 */
export type FetchLike = (
  url: string,
  init: {
    method: 'GET' | 'POST' | 'PATCH';
    headers: Record<string, string>;
    body?: string;
    signal: AbortSignal;
    redirect: 'manual';
  },
) => Promise<{
  status: number;
  headers: { get(name: string): string | null };
  /** Iterated over; not every version of the DOM's types knows that its streams can be. */
  body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null;
}>;
