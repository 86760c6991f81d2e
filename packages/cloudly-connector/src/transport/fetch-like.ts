/**
 * What the connector needs of an HTTP client. `globalThis.fetch` satisfies it, as does a few lines around `node:http`.
 * A transport follows no redirect, rejects when the exchange fails, and hands over the body as it arrives. When `signal`
 * aborts, it closes the connection: the call rejects, or the body throws where it is being read. One that knows more of a
 * failure than its code rejects with a `TransportFailure`.
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
