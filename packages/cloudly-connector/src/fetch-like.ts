/**
 * What the connector needs of an HTTP client. `globalThis.fetch` satisfies it, as does a few lines around `node:http`.
 * A transport follows no redirect, rejects when the exchange fails or `signal` aborts, and leaves the body unread.
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
  body: AsyncIterable<Uint8Array> | null;
}>;
