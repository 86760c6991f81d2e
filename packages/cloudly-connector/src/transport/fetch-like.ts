/**
 * The HTTP transport of the connector. `globalThis.fetch` is one, and a few lines around `node:http` are another.
 *
 * A transport must not follow redirects. It rejects if the exchange fails, and returns the body as it arrives. When `signal`
 * aborts, it closes the connection: the call rejects, or reading the body throws. A transport that knows more about a failure
 * than its code rejects with a `TransportFailure`.
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
  /** The connector iterates over it. Not every version of the DOM's types declares its streams as iterable. */
  body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null;
}>;
