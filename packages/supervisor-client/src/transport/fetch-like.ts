/**
 * The HTTP transport of the client. `globalThis.fetch` is one, and a few lines around `node:http` are another.
 *
 * A transport must not follow redirects. It rejects if the exchange fails or `signal` aborts, and returns the body as it
 * arrives, with any content encoding removed. It must not send a `User-Agent` that starts with `Supervisor/`: the proxy of
 * Supervisor 19 and later forwards such requests to balena's cloud.
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
  /** The client iterates over it. Not every version of the DOM's types declares its streams as iterable. */
  body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null;
}>;
